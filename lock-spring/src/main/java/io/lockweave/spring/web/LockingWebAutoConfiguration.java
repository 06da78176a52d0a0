package io.lockweave.spring.web;

import io.lockweave.config.DurationText;
import io.lockweave.spring.LockingAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Busy locks as answers to HTTP requests; {@code lockweave.web.enabled = false} leaves them to the application. */
@AutoConfiguration(after = LockingAutoConfiguration.class)
@ConditionalOnClass(RestControllerAdvice.class)
@ConditionalOnWebApplication
@ConditionalOnProperty(name = "lockweave.web.enabled", havingValue = "true", matchIfMissing = true)
public class LockingWebAutoConfiguration {

    /** Test slices have no locks, and their controllers answer all the same. */
    @Bean
    LockFailureAdvice lockweaveFailureAdvice(Environment environment) {
        return new LockFailureAdvice(DurationText.parseFinite(
                "lockweave.web.retry-after", environment.getProperty("lockweave.web.retry-after", "1s")));
    }
}
