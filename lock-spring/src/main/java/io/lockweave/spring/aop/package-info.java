/**
 * {@code @Locked} on beans: the advice of proxies, what woven classes use, and the check at start-up that each lock
 * works.
 */
@NullMarked
package io.lockweave.spring.aop;

import org.jspecify.annotations.NullMarked;
