package io.lockweave.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.lockweave.LockBackendException;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.spring.LockingAutoConfiguration;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ResponseStatusException;

/** A busy lock as the answer to an HTTP request. */
class WebTest {

    private static final AutoConfigurations LOCKING =
            AutoConfigurations.of(LockingAutoConfiguration.class, LockingWebAutoConfiguration.class);

    @RestController
    static class PointsController {

        @GetMapping("/points")
        String points() {
            throw LockUnavailableException.busy(LockKey.of("user", "secret-id"), Duration.ofMillis(250), null);
        }

        @GetMapping("/translated")
        String translated() {
            try {
                return points();
            } catch (LockUnavailableException e) {
                throw new ResponseStatusException(HttpStatus.CONFLICT, "busy", e);
            }
        }

        @GetMapping("/fails/{how}")
        String fails(@PathVariable("how") String how) {
            LockKey key = LockKey.of("user", "secret-id");
            throw switch (how) {
                case "deadlock" -> new LockDeadlockException(key, List.of("a waits for b", "b waits for a"));
                case "lost" -> new LockLostException(key, 7, "the lease ended");
                case "backend" -> LockBackendException.passing("redis at 10.0.0.7:6379 refused the connection", null);
                default -> new LockUsageException("a mistake", "do it right");
            };
        }

        @GetMapping("/closed")
        String closed() {
            throw LockUnavailableException.closed(LockKey.of("user", "secret-id"), Duration.ofMillis(250));
        }
    }

    @RestControllerAdvice
    static class OwnAdvice {

        @ExceptionHandler
        String any(RuntimeException failure) {
            return "handled by the application";
        }
    }

    @Test
    void mvc_answers_423_with_a_problem_detail_and_when_to_try_again() throws Exception {
        new WebApplicationContextRunner()
                .withConfiguration(LOCKING)
                .withPropertyValues("lockweave.web.retry-after=1500ms")
                .run(context -> MockMvcBuilders.standaloneSetup(new PointsController())
                        .setControllerAdvice(context.getBean(LockFailureAdvice.class))
                        .build()
                        .perform(get("/points"))
                        .andExpect(status().is(423))
                        .andExpect(header().string("Retry-After", "2"))
                        .andExpect(content().contentType("application/problem+json"))
                        .andExpect(result -> assertThat(result.getResponse().getContentAsString())
                                .contains("\"lock\":\"user\"", "\"waitedMillis\":250", "\"status\":423")
                                .doesNotContain("secret-id")));
    }

    @Test
    void webflux_answers_423_with_a_problem_detail_and_when_to_try_again() {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(LOCKING)
                .run(context -> WebTestClient.bindToController(new PointsController())
                        .controllerAdvice(context.getBean(LockFailureAdvice.class))
                        .build()
                        .get()
                        .uri("/points")
                        .exchange()
                        .expectStatus()
                        .isEqualTo(423)
                        .expectHeader()
                        .valueEquals("Retry-After", "1")
                        .expectHeader()
                        .contentType("application/problem+json"));
    }

    @Test
    void what_the_application_made_of_a_busy_lock_stays_its_answer() throws Exception {
        LockFailureAdvice advice = new LockFailureAdvice(Duration.ofSeconds(1));
        MockMvcBuilders.standaloneSetup(new PointsController())
                .setControllerAdvice(advice)
                .build()
                .perform(get("/translated"))
                .andExpect(status().isConflict());
        WebTestClient.bindToController(new PointsController())
                .controllerAdvice(advice)
                .build()
                .get()
                .uri("/translated")
                .exchange()
                .expectStatus()
                .isEqualTo(HttpStatus.CONFLICT);
    }

    @Test
    void a_lock_that_is_closed_is_no_busy_one() throws Exception {
        MockMvcBuilders.standaloneSetup(new PointsController())
                .setControllerAdvice(new LockFailureAdvice(Duration.ofSeconds(1)))
                .build()
                .perform(get("/closed"))
                .andExpect(status().isServiceUnavailable())
                .andExpect(header().string("Retry-After", "1"));
    }

    @ParameterizedTest
    @CsvSource({"deadlock, 423, true", "lost, 409, false", "backend, 503, true"})
    void every_failure_of_a_lock_has_its_status(String failure, int status, boolean retry) throws Exception {
        LockFailureAdvice advice = new LockFailureAdvice(Duration.ofSeconds(1));
        MockMvcBuilders.standaloneSetup(new PointsController())
                .setControllerAdvice(advice)
                .build()
                .perform(get("/fails/" + failure))
                .andExpect(status().is(status))
                .andExpect(retry ? header().string("Retry-After", "1") : header().doesNotExist("Retry-After"))
                .andExpect(result -> assertThat(result.getResponse().getContentAsString())
                        .contains("\"status\":" + status)
                        .doesNotContain("secret-id", "10.0.0.7"));
        WebTestClient.bindToController(new PointsController())
                .controllerAdvice(advice)
                .build()
                .get()
                .uri("/fails/" + failure)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType("application/problem+json");
    }

    @Test
    void a_programmers_error_is_left_to_the_application() {
        assertThatThrownBy(() -> MockMvcBuilders.standaloneSetup(new PointsController())
                        .setControllerAdvice(new LockFailureAdvice(Duration.ofSeconds(1)))
                        .build()
                        .perform(get("/fails/usage")))
                .hasCauseInstanceOf(LockUsageException.class);
    }

    @Test
    void the_applications_own_handler_comes_first() throws Exception {
        MockMvcBuilders.standaloneSetup(new PointsController())
                .setControllerAdvice(new OwnAdvice(), new LockFailureAdvice(Duration.ofSeconds(1)))
                .build()
                .perform(get("/points"))
                .andExpect(status().isOk())
                .andExpect(content().string("handled by the application"));
    }

    @Test
    void it_can_be_switched_off_and_is_not_there_without_a_web_application() {
        new WebApplicationContextRunner()
                .withConfiguration(LOCKING)
                .withPropertyValues("lockweave.web.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(LockFailureAdvice.class));
        new ApplicationContextRunner()
                .withConfiguration(LOCKING)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LockFailureAdvice.class));
    }
}
