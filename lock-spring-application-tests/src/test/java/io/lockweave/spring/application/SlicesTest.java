package io.lockweave.spring.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.doThrow;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Boot's test slices of an application with locks. */
class SlicesTest {

    /** Not itself, but as a test class of the application. */
    @WebMvcTest(PointsController.class)
    static class Web {

        @Autowired
        MockMvc mvc;

        @MockitoBean
        Customers customers;

        @MockitoBean
        PointsService points;

        @MockitoBean
        OuterService outer;
    }

    @WebFluxTest(PointsController.class)
    static class Reactive {

        @Autowired
        ApplicationContext context;

        @MockitoBean
        Customers customers;

        @MockitoBean
        PointsService points;

        @MockitoBean
        OuterService outer;
    }

    @DataJpaTest(properties = {"spring.flyway.enabled=false", "spring.liquibase.enabled=false"})
    static class Jpa {

        @Autowired
        Customers customers;

        @Autowired
        PlatformTransactionManager transactions;
    }

    private static <T> T started(T test) throws Exception {
        new TestContextManager(test.getClass()).prepareTestInstance(test);
        return test;
    }

    @Test
    void a_busy_lock_is_423_in_a_slice_of_controllers() throws Exception {
        Web test = started(new Web());
        doThrow(LockUnavailableException.busy(LockKey.of("customer", 1), Duration.ofSeconds(1), null))
                .when(test.points)
                .add(1);
        MockHttpServletResponse answer =
                test.mvc.perform(post("/id/1")).andReturn().getResponse();
        assertThat(answer.getStatus()).isEqualTo(423);
        assertThat(answer.getHeader("Retry-After")).isEqualTo("1");
    }

    @Test
    void a_busy_lock_is_423_in_a_slice_of_reactive_controllers() throws Exception {
        Reactive test = started(new Reactive());
        doThrow(LockUnavailableException.busy(LockKey.of("customer", 1), Duration.ofSeconds(1), null))
                .when(test.points)
                .add(1);
        WebTestClient.bindToApplicationContext(test.context)
                .build()
                .post()
                .uri("/id/1")
                .exchange()
                .expectStatus()
                .isEqualTo(423)
                .expectHeader()
                .valueEquals("Retry-After", 1);
    }

    @Test
    void rows_are_locked_in_a_slice_of_repositories() throws Exception {
        Jpa test = started(new Jpa());
        Long id = test.customers.save(new Customer()).getId();
        new TransactionTemplate(test.transactions)
                .executeWithoutResult(
                        status -> test.customers.findLockedById(id).addPoint());
        assertThat(test.customers.findById(id).orElseThrow().getPoints()).isEqualTo(1);
    }
}
