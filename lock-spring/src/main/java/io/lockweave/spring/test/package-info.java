/** For tests of applications that lock. */
@NullMarked
package io.lockweave.spring.test;

import org.jspecify.annotations.NullMarked;
