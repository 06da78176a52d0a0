package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validation;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.aop.Advisor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.method.AuthorizationManagerBeforeMethodInterceptor;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationPostProcessor;

/** Whether a call that is not allowed, or whose arguments are not valid, asks for its lock. */
@Timeout(60)
class GuardedCallsTest {

    @Configuration
    @EnableLocking
    static class Application {

        /** As {@code @EnableMethodSecurity} makes it. */
        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static Advisor authorization() {
            return AuthorizationManagerBeforeMethodInterceptor.preAuthorize();
        }

        @Bean
        Accounts accounts() {
            return new Accounts();
        }
    }

    @Configuration
    static class Validating {

        @Bean
        static MethodValidationPostProcessor validation() {
            return validation(false);
        }

        static MethodValidationPostProcessor validation(boolean first) {
            MethodValidationPostProcessor validation = new MethodValidationPostProcessor();
            validation.setBeforeExistingAdvisors(first);
            validation.setValidator(Validation.byDefaultProvider()
                    .configure()
                    .messageInterpolator(new ParameterMessageInterpolator())
                    .buildValidatorFactory()
                    .getValidator());
            return validation;
        }
    }

    @Configuration
    static class ValidatingFirst {

        @Bean
        static MethodValidationPostProcessor validation() {
            return Validating.validation(true);
        }
    }

    @Validated
    static class Accounts {

        @PreAuthorize("hasRole('ADMIN')")
        @Locked(name = "user", key = "'ann'", waitTime = "0")
        public String close() {
            return InterplayTest.held();
        }

        @Locked(name = "user", key = "'ann'", waitTime = "0")
        public String rename(@NotNull String name) {
            return InterplayTest.held();
        }
    }

    @AfterEach
    void forget() {
        SecurityContextHolder.clearContext();
    }

    private static void with(Class<?> validation, BiConsumer<Accounts, Locks> use) {
        try (var context = new AnnotationConfigApplicationContext(Application.class, validation)) {
            use.accept(context.getBean(Accounts.class), context.getBean(Locks.class));
        }
    }

    private static void whileLocked(Locks locks, Runnable work) {
        try (HeldLock other = locks.acquire(LockKey.of("user", "ann"))) {
            CompletableFuture.runAsync(work).join();
        }
    }

    private static void as(String role) {
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("ann", "", role));
    }

    @Test
    void a_call_that_is_denied_asks_for_no_lock() {
        with(Validating.class, (accounts, locks) -> {
            assertThatThrownBy(() -> whileLocked(locks, () -> {
                        as("ROLE_USER");
                        accounts.close();
                    }))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(AccessDeniedException.class);
            as("ROLE_ADMIN");
            assertThat(accounts.close()).isEqualTo("user[ann]");
        });
    }

    @Test
    void arguments_are_validated_under_the_lock_unless_that_comes_first() {
        with(Validating.class, (accounts, locks) -> {
            assertThatThrownBy(() -> whileLocked(locks, () -> accounts.rename(null)))
                    .hasCauseInstanceOf(LockUnavailableException.class);
            assertThatThrownBy(() -> accounts.rename(null)).isInstanceOf(ConstraintViolationException.class);
            assertThat(accounts.rename("ann")).isEqualTo("user[ann]");
        });
        with(ValidatingFirst.class, (accounts, locks) -> {
            assertThatThrownBy(() -> whileLocked(locks, () -> accounts.rename(null)))
                    .hasCauseInstanceOf(ConstraintViolationException.class);
            assertThat(accounts.rename("ann")).isEqualTo("user[ann]");
        });
    }
}
