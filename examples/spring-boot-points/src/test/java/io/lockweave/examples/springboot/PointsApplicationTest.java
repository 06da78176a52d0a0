package io.lockweave.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.LockKey;
import io.lockweave.LockScope;
import io.lockweave.Locks;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The running application, asked over HTTP. */
class PointsApplicationTest {

    private static ConfigurableApplicationContext application;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        application = SpringApplication.run(PointsApplication.class, "--server.port=0", "--lockweave.wait-time=20s");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://localhost:" + application.getEnvironment().getProperty("local.server.port") + path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private int pointsAfter200RequestsAtOnce(String user, String strategy) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 200)
                .mapToObj(i -> client.sendAsync(
                        request("/api/users/" + user + "/points?strategy=" + strategy)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString()))
                .toList();
        all.forEach(one -> assertThat(one.join().statusCode()).isEqualTo(200));
        return Integer.parseInt(get("/api/users/" + user + "/points").body());
    }

    @Test
    void two_hundred_requests_at_once_lose_nothing_with_the_lock_and_something_without() throws Exception {
        post("/api/users/bea/points?strategy=locked", "");
        post("/api/users/cid/points?strategy=none", "");

        assertThat(pointsAfter200RequestsAtOnce("bea", "locked")).isEqualTo(201);
        assertThat(pointsAfter200RequestsAtOnce("cid", "none")).isLessThan(201);
    }

    /** With open-in-view, where findById gives what the request has read before. */
    @Test
    void two_hundred_requests_at_once_lose_nothing_in_any_shape_of_jpa() throws Exception {
        for (String shape : List.of("entity", "again", "id", "jpa-row")) {
            post("/api/users/" + shape + "/points?strategy=id", "");
            assertThat(pointsAfter200RequestsAtOnce(shape, shape)).as(shape).isEqualTo(201);
        }
    }

    @Test
    void a_race_runs_with_each_strategy_and_only_locks_lose_nothing() {
        assertThat(race("none").lost()).isPositive();
        assertThat(race("transaction").lost()).isPositive();
        assertThat(race("locked").lost()).isZero();
        assertThat(race("row").lost()).isZero();
        assertThat(race("again").lost()).isZero();
        assertThat(race("id").lost()).isZero();
        assertThat(race("jpa-row").lost()).isZero();
        assertThat(race("jpa").lost()).isPositive();
        assertThat(race("entity").lost()).isPositive(); // no request, so nobody reads again
    }

    private static RaceReport race(String strategy) {
        Races races = application.getBean(Races.class);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !application.getBean(Locks.class).isLocked(LockKey.of("race")));
        try {
            races.start(new RaceOrder(strategy, 8, 300, 200));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !races.report().orElseThrow().running());
        RaceReport report = races.report().orElseThrow();
        assertThat(report.failure()).isNull();
        assertThat(report.expected()).isEqualTo(300);
        return report;
    }

    @Test
    void the_page_and_what_it_asks_for_are_there() throws Exception {
        assertThat(get("/").body()).contains("The points race");
        assertThat(get("/api/strategies").body()).contains("\"locked\"", "\"none\"");
        assertThat(get("/api/live").body()).contains("\"backend\":\"local\"");
        assertThat(get("/actuator/locks").statusCode()).isEqualTo(200);
    }

    @Test
    void it_is_up_without_a_redis() throws Exception {
        HttpResponse<String> health = get("/actuator/health");

        assertThat(health.body()).contains("\"status\":\"UP\"");
        assertThat(health.statusCode()).isEqualTo(200);
    }

    @Test
    void an_ended_race_is_still_told() throws Exception {
        RaceReport report = race("id");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(get("/api/races").body()).contains("\"id\":" + report.id()));
        assertThat(get("/api/live").body()).contains("\"id\":" + report.id());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', textBlock = """
                    'strategy',   'magic',      'one of none, transaction, locked'
                    'threads',    'many',       'a whole number from 1 to 64'
                    'threads',    '800',        'a whole number from 1 to 64'
                    'threads',    '1.5',        'a whole number from 1 to 64'
                    'calls',      '',           'a whole number from 1 to 100000'
                    'calls',      '99999999999', 'a whole number from 1 to 100000'
                    'workMicros', '-1',         'a whole number from 0 to 100000'
                    """)
    void a_wrong_value_is_answered_with_its_name_and_what_is_allowed(String name, String value, String allowed)
            throws Exception {
        Map<String, String> order =
                new TreeMap<>(Map.of("strategy", "none", "threads", "8", "calls", "10", "workMicros", "0"));
        order.put(name, value);
        HttpResponse<String> wrong = post(
                "/api/races",
                order.entrySet().stream()
                        .map(one -> "\"" + one.getKey() + "\":\"" + one.getValue() + "\"")
                        .collect(Collectors.joining(",", "{", "}")));

        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body())
                .contains(
                        "\"detail\":\"" + name + " is ",
                        "To fix it: choose " + allowed,
                        "\"name\":\"" + name + "\"",
                        "\"value\":\"" + value + "\"",
                        "\"allowed\":\"" + allowed);
    }

    @Test
    void what_is_missing_or_no_order_at_all_is_told() throws Exception {
        assertThat(post("/api/races", "{\"strategy\":\"none\"}").body()).contains("threads is missing. To fix it");
        assertThat(post("/api/races", "{\"threads\":1e400,").body()).contains("no JSON object. To fix it: send one");
        assertThat(post("/api/users/" + "a".repeat(51) + "/points", "").body()).contains("1 to 50 characters");
        assertThat(post("/api/users/dan/points?strategy=magic", "").body()).contains("strategy is", "one of none");
    }

    @Test
    void a_second_race_is_answered_with_423_and_the_lock_cannot_be_freed_over_http() throws Exception {
        Locks locks = application.getBean(Locks.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> !locks.isLocked(LockKey.of("race")));
        try (var held = LockScope.named("test").call(() -> locks.acquire(LockKey.of("race")))) {
            HttpResponse<String> busy =
                    post("/api/races", "{\"strategy\":\"none\",\"threads\":8,\"calls\":10,\"workMicros\":0}");

            assertThat(busy.statusCode()).isEqualTo(423);
            assertThat(busy.headers().firstValue("Retry-After")).contains("1");
            HttpResponse<String> freed =
                    client.send(request("/actuator/locks/race").DELETE().build(), BodyHandlers.ofString());
            assertThat(freed.statusCode()).isEqualTo(405);
            assertThat(get("/actuator/locks/race").statusCode()).isEqualTo(200);
            held.ensureHeld();
        }
        assertThat(get("/actuator/locks/race").statusCode()).isEqualTo(404);
    }
}
