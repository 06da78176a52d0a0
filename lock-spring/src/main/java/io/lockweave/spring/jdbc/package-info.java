/** The backend {@code jdbc} over a {@code DataSource} of the application. */
@NullMarked
package io.lockweave.spring.jdbc;

import org.jspecify.annotations.NullMarked;
