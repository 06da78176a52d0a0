package io.lockweave.spring.web;

import io.lockweave.config.LockweaveConfig;
import io.lockweave.spring.LockingAutoConfiguration;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Busy locks as answers to HTTP requests; {@code lockweave.web.enabled = false} leaves them to the application. */
@AutoConfiguration(after = LockingAutoConfiguration.class)
@ConditionalOnClass(RestControllerAdvice.class)
@ConditionalOnWebApplication
@ConditionalOnBean(LockweaveConfig.class)
@ConditionalOnProperty(name = "lockweave.web.enabled", havingValue = "true", matchIfMissing = true)
public class LockingWebAutoConfiguration {

    @Bean
    LockUnavailableAdvice lockweaveUnavailableAdvice(LockweaveConfig config) {
        return new LockUnavailableAdvice(config.settings("web").duration("retry-after", Duration.ofSeconds(1)));
    }
}
