package io.lockweave.spring;

import io.lockweave.spring.aop.LockedAdvisor;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.Import;

/**
 * Makes {@link io.lockweave.Locked} work on beans, for a {@code @Configuration} class. Spring Boot does it by itself.
 *
 * <p>The locks are configured by {@code lockweave.*} properties of the application's environment. A bean of type
 * {@link io.lockweave.Locks} or {@link io.lockweave.spi.LockBackend} is used in place of what those would make.
 *
 * <p>Each bean's {@code @Locked} methods are checked when the application starts: what could not work is a
 * {@link io.lockweave.LockUsageException} then, naming bean, method and remedy.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(LockingSelector.class)
public @interface EnableLocking {

    /** The default {@link #order}: outside of transactions, caches and all else that has no order of its own. */
    int ORDER = LockedAdvisor.DEFAULT_ORDER;

    /**
     * Whether beans are locked through proxies, or their classes are woven by AspectJ and use this application's locks.
     */
    AdviceMode mode() default AdviceMode.PROXY;

    /** Whether proxies extend the class of a bean even if it has interfaces. */
    boolean proxyTargetClass() default false;

    /** Where the lock stands among the other interceptors of a bean; less than the order of transactions. */
    int order() default ORDER;
}
