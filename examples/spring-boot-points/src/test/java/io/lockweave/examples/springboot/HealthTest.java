package io.lockweave.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.testservers.redis.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** What health says of a Redis: as a server that the application has, and as the store of its locks. */
@Timeout(180)
class HealthTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void locks_in_redis_are_watched_although_redis_as_such_is_not() throws Exception {
        try (RedisServer redis = RedisServer.launch();
                ConfigurableApplicationContext application =
                        start(redis.port(), "--lockweave.backend=redis", "--management.health.redis.enabled=false")) {
            assertThat(parts(application)).containsEntry("locks", "UP").doesNotContainKey("redis");
            assertThat(health(application).statusCode()).isEqualTo(200);

            redis.kill();

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(parts(application)).containsEntry("locks", "DOWN"));
            assertThat(health(application).statusCode()).isEqualTo(503);
        }
    }

    @Test
    void by_default_both_parts_say_that_redis_is_down() throws Exception {
        try (RedisServer redis = RedisServer.launch();
                ConfigurableApplicationContext application =
                        start(redis.port(), "--lockweave.backend=redis", "--management.health.redis.enabled=true")) {
            assertThat(parts(application)).containsEntry("locks", "UP").containsEntry("redis", "UP");

            redis.kill();

            await().atMost(SOON).untilAsserted(() -> assertThat(parts(application))
                    .containsEntry("locks", "DOWN")
                    .containsEntry("redis", "DOWN"));
        }
    }

    /** Redis's starter on the class path is enough for that, which is why the example leaves that part out. */
    @Test
    void without_a_redis_its_part_is_down_and_that_of_locks_elsewhere_is_up() throws Exception {
        try (ConfigurableApplicationContext application =
                start(RedisServer.freePort(), "--lockweave.backend=local", "--management.health.redis.enabled=true")) {
            assertThat(parts(application)).containsEntry("locks", "UP").containsEntry("redis", "DOWN");
            assertThat(health(application).statusCode()).isEqualTo(503);
        }
    }

    private static ConfigurableApplicationContext start(int redisPort, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--server.port=0");
        all.add("--spring.data.redis.port=" + redisPort);
        all.add("--spring.data.redis.timeout=1s");
        all.add("--management.endpoint.health.show-components=always");
        return SpringApplication.run(PointsApplication.class, all.toArray(String[]::new));
    }

    private HttpResponse<String> health(ConfigurableApplicationContext application) throws Exception {
        URI address = URI.create("http://localhost:"
                + application.getEnvironment().getProperty("local.server.port") + "/actuator/health");
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    /** The parts of health, each with its status. */
    private Map<String, String> parts(ConfigurableApplicationContext application) throws Exception {
        Map<String, Object> health =
                JsonParserFactory.getJsonParser().parseMap(health(application).body());
        Map<String, String> parts = new TreeMap<>();
        ((Map<?, ?>) health.get("components"))
                .forEach((name, part) -> parts.put(
                        name.toString(), ((Map<?, ?>) part).get("status").toString()));
        return parts;
    }
}
