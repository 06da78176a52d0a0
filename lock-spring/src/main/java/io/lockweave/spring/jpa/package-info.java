/** JPA under locks: entities that were read before a lock are not silently written under it. */
@NullMarked
package io.lockweave.spring.jpa;

import org.jspecify.annotations.NullMarked;
