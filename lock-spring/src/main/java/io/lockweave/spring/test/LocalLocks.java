package io.lockweave.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.TestPropertySource;

/**
 * On a test class with an application context: all its locks stay inside the process, whatever backends the application and
 * its annotations name, so that the test needs no server. Whoever wants a busy lock takes it in a scope of its own
 * ({@code LockScope.named("other").call(() -> locks.acquire(key))}); whoever wants a lost one calls
 * {@code locks.forceRelease(key)} while the code under test holds it.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestPropertySource(properties = "lockweave.test.local-only=true")
public @interface LocalLocks {}
