package io.lockweave.aspect;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Stands for a transaction manager's annotation. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface FakeTransactional {}
