/** The backend {@code redis} over the Redis clients of the application. */
@NullMarked
package io.lockweave.spring.redis;

import org.jspecify.annotations.NullMarked;
