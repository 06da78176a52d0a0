package io.lockweave.spring;

import io.lockweave.Locks;
import io.lockweave.spring.aop.LockedAdvisor;
import io.lockweave.spring.aop.WovenLocks;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableLocking} for Spring Boot, with {@code lockweave.mode}. A {@code @EnableLocking} of the application wins.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnClass(Locks.class)
@Import(LockingConfiguration.class)
public class LockingAutoConfiguration {

    /** Beans are locked through their proxies. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(
            value = {LockedAdvisor.class, WovenLocks.class},
            search = SearchStrategy.CURRENT)
    @ConditionalOnProperty(name = "lockweave.mode", havingValue = "proxy", matchIfMissing = true)
    @EnableLocking
    static class Proxies {}

    /** The application's classes are woven. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(
            value = {LockedAdvisor.class, WovenLocks.class},
            search = SearchStrategy.CURRENT)
    @ConditionalOnProperty(name = "lockweave.mode", havingValue = "aspectj")
    @EnableLocking(mode = AdviceMode.ASPECTJ)
    static class Woven {}
}
