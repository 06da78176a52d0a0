/**
 * Lockweave in Spring: {@link io.lockweave.Locked} methods of beans run locked through their proxies, in Spring Boot as
 * soon as this module is there, elsewhere with {@link io.lockweave.spring.EnableLocking}.
 */
@NullMarked
package io.lockweave.spring;

import org.jspecify.annotations.NullMarked;
