package io.lockweave.spring.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a request has read before its lock is not silently written after it, in no shape: done and counted, or refused.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StaleEntities {

    static final int REQUESTS = 400;

    private final String url;
    private final boolean fixesSnapshots;
    private RunningApplication inView;
    private RunningApplication notInView;

    /** On a database whose transactions go on reading what they read first, or not. */
    StaleEntities(String url, boolean fixesSnapshots) {
        this.url = url;
        this.fixesSnapshots = fixesSnapshots;
    }

    @BeforeAll
    void start() {
        inView = new RunningApplication(url, Map.of());
        notInView = new RunningApplication(url, Map.of("spring.jpa.open-in-view", "false"));
    }

    @AfterAll
    void stop() {
        inView.close();
        notInView.close();
    }

    @Test
    void an_entity_as_the_argument_is_read_again_with_open_in_view() throws Exception {
        allCount(inView, "entity");
    }

    @Test
    void a_detached_entity_as_the_argument_is_refused() throws Exception {
        refused(notInView, "entity", "read it under the lock");
    }

    @Test
    void what_was_read_before_is_read_again_with_open_in_view() throws Exception {
        allCount(inView, "again");
    }

    @Test
    void what_was_read_before_is_read_again_without_open_in_view() throws Exception {
        allCount(notInView, "again");
    }

    @Test
    void an_id_is_safe() throws Exception {
        allCount(inView, "id");
        allCount(notInView, "id");
    }

    @Test
    void a_method_of_a_repository_is_locked() throws Exception {
        allCount(inView, "repository");
        allCount(notInView, "repository");
    }

    @Test
    void a_method_of_a_repository_locks_its_row() throws Exception {
        allCount(inView, "row");
        allCount(notInView, "row");
    }

    @Test
    void a_transaction_that_has_read_before() throws Exception {
        if (fixesSnapshots) {
            refused(inView, "outer", "REPEATABLE READ");
            refused(notInView, "outer", "REPEATABLE READ");
        } else {
            allCount(inView, "outer");
            allCount(notInView, "outer");
        }
    }

    @Test
    void a_transaction_that_has_read_nothing_before() throws Exception {
        allCount(inView, "outer-first");
        allCount(notInView, "outer-first");
    }

    private static void allCount(RunningApplication application, String shape) throws Exception {
        long customer = application.customer();
        Requests requests = application.send(REQUESTS, shape, customer);
        System.out.println(shape + ": " + application.points(customer) + " of " + REQUESTS);
        assertThat(requests.failures()).isEmpty();
        assertThat(application.points(customer)).isEqualTo(REQUESTS);
    }

    private static void refused(RunningApplication application, String shape, String why) throws Exception {
        long customer = application.customer();
        Requests requests = application.send(REQUESTS, shape, customer);
        System.out.println(
                shape + ": " + application.points(customer) + " of " + requests.done() + " answered with 200");
        assertThat(application.points(customer)).isEqualTo(requests.done());
        assertThat(requests.failures()).hasSize(REQUESTS).allSatisfy(answer -> assertThat(answer)
                .contains(why));
    }
}
