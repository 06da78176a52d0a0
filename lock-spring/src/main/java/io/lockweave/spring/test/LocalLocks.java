package io.lockweave.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.TestPropertySource;

/**
 * On a test class with an application context: all its locks stay inside the process, whatever backends the application
 * and its annotations name, so that the test needs no server. The bean {@link LockControl} makes them busy or lost.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestPropertySource(properties = "lockweave.test.local-only=true")
public @interface LocalLocks {}
