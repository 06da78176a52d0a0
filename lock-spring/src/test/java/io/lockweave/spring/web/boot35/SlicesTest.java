package io.lockweave.spring.web.boot35;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.autoconfigure.web.reactive.WebFluxTest;
import org.springframework.boot.test.autoconfigure.web.servlet.WebMvcTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Test slices, as Spring Boot 3.5 has them. */
class SlicesTest {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Controller.class)
    static class Application {}

    @RestController
    static class Controller {

        @PostMapping("/points")
        public void add() {
            throw LockUnavailableException.busy(LockKey.of("customer", 1), Duration.ofSeconds(1), null);
        }
    }

    /** Not itself, but as a test class of the application. */
    @WebMvcTest(Controller.class)
    @ContextConfiguration(classes = Application.class)
    static class Web {

        @Autowired
        MockMvc mvc;
    }

    @WebFluxTest(Controller.class)
    @ContextConfiguration(classes = Application.class)
    static class Reactive {

        @Autowired
        ApplicationContext context;
    }

    private static <T> T started(T test) throws Exception {
        new TestContextManager(test.getClass()).prepareTestInstance(test);
        return test;
    }

    @Test
    void a_busy_lock_is_423_in_a_slice_of_controllers() throws Exception {
        MockHttpServletResponse answer =
                started(new Web()).mvc.perform(post("/points")).andReturn().getResponse();
        assertThat(answer.getStatus()).isEqualTo(423);
        assertThat(answer.getHeader("Retry-After")).isEqualTo("1");
    }

    @Test
    void a_busy_lock_is_423_in_a_slice_of_reactive_controllers() throws Exception {
        WebTestClient.bindToApplicationContext(started(new Reactive()).context)
                .build()
                .post()
                .uri("/points")
                .exchange()
                .expectStatus()
                .isEqualTo(423)
                .expectHeader()
                .valueEquals("Retry-After", 1);
    }
}
