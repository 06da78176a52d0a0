package io.lockweave.spring.row;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * Makes {@link io.lockweave.jdbc.LockedRow} work on beans, for a {@code @Configuration} class, and provides
 * {@link TransactionRowLocks}. Needs lock-jdbc, spring-jdbc and a {@code DataSource}. Spring Boot does it by itself.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(RowLockingConfiguration.class)
public @interface EnableRowLocking {}
