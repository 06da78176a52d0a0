package io.lockweave.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.spring.EnableLocking;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;

/** Beans of which only an interface is known until they are made. */
class MadeLaterTest {

    /** What is declared. */
    public interface Work {
        String run();
    }

    /** A proxy does not see the call of its private method. */
    public static class HidesItsLock implements Work {

        @Override
        public String run() {
            return inside();
        }

        @Locked(name = "x")
        private String inside() {
            return "unlocked";
        }
    }

    /** A proxy cannot override its method. */
    public static class ClosesItsLock implements Work {

        @Override
        public String run() {
            return closed();
        }

        @Locked(name = "x")
        public final String closed() {
            return "unlocked";
        }
    }

    @Configuration
    @EnableLocking
    static class Application {

        @Bean
        @Lazy
        Work lazyPrivate() {
            return new HidesItsLock();
        }

        @Bean
        @Lazy
        Work lazyFinal() {
            return new ClosesItsLock();
        }

        @Bean
        @Scope("prototype")
        Work prototypePrivate() {
            return new HidesItsLock();
        }
    }

    private AnnotationConfigApplicationContext context;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext(Application.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @ParameterizedTest
    @CsvSource({"lazyPrivate,private", "lazyFinal,final", "prototypePrivate,private"})
    void its_class_is_checked_when_it_is_made(String bean, String why) {
        assertThat(context.isActive()).isTrue();
        assertThatThrownBy(() -> context.getBean(bean, Work.class).run())
                .cause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Bean \"" + bean + "\"")
                .hasMessageContaining("has no effect: it is " + why);
    }
}
