package io.lockweave.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.lockweave.Locked;
import io.lockweave.spring.EnableLocking;
import io.lockweave.spring.Points;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/** Mocks lock nothing and do not stop the start; spies lock as what they spy on does. */
class MockitoTest {

    /** On an interface. */
    public interface Mapper {

        @Locked(key = "#id")
        String touch(long id);
    }

    @Configuration
    @EnableLocking
    static class Application {

        @Bean
        Points points() {
            return new Points();
        }

        @Bean
        Mapper mapper() {
            return id -> "touched";
        }
    }

    /** Not themselves, but as test classes of an application. */
    @ContextConfiguration(classes = Application.class)
    static class WithMocks {

        @MockitoBean
        Points points;

        @MockitoBean
        Mapper mapper;
    }

    @ContextConfiguration(classes = Application.class)
    static class WithSpy {

        @MockitoSpyBean
        Points points;
    }

    private static <T> T started(T test) throws Exception {
        new TestContextManager(test.getClass()).prepareTestInstance(test);
        return test;
    }

    @Test
    void mocks_of_a_class_and_of_an_interface() throws Exception {
        WithMocks test = started(new WithMocks());
        when(test.mapper.touch(7)).thenReturn("mocked");
        assertThat(test.mapper.touch(7)).isEqualTo("mocked");
        assertThat(test.points.keyOf("ann")).isNull();
        verify(test.points).keyOf("ann");
    }

    @Test
    void a_spy() throws Exception {
        WithSpy test = started(new WithSpy());
        assertThat(test.points.keyOf("ann")).isEqualTo("user[ann]");
        verify(test.points).keyOf("ann");
    }
}
