package io.lockweave.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.spring.EnableLocking;
import io.lockweave.spring.Points;
import io.lockweave.spring.Tenants;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.bean.override.convention.TestBean;

/** What a test puts in place of a bean gets no proxy, and does not stop the start. */
class ReplacedBeansTest {

    @Configuration
    @EnableLocking
    static class Application {

        @Bean
        Points points() {
            return new Points();
        }

        @Bean
        Tenants tenants() {
            return new Tenants();
        }
    }

    /** Not itself, but as a test class of an application. */
    @ContextConfiguration(classes = Application.class)
    static class WithStub {

        @TestBean
        Points points;

        static Points points() {
            return new Points() {};
        }
    }

    @Test
    void a_bean_that_a_test_replaces_is_not_checked() throws Exception {
        WithStub test = new WithStub();
        new TestContextManager(WithStub.class).prepareTestInstance(test);
        assertThat(test.points.getClass().getSuperclass()).isEqualTo(Points.class);
    }

    @Test
    void a_singleton_that_was_registered_by_hand_is_not_checked() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            Points byHand = new Points();
            context.getBeanFactory().registerSingleton("byHand", byHand);
            context.register(OnlyLocks.class);
            context.refresh();
            assertThat(context.getBean("byHand")).isSameAs(byHand);
        }
    }

    @Configuration
    @EnableLocking
    static class OnlyLocks {

        @Bean
        Tenants tenants() {
            return new Tenants();
        }
    }
}
