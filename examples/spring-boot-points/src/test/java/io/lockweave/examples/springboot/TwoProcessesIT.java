package io.lockweave.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.testservers.database.PostgresServer;
import io.lockweave.testservers.redis.RedisServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the application on one database, each asked a hundred times at once. */
class TwoProcessesIT {

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void with_locks_in_redis_nothing_is_lost_and_without_locks_something_is() throws Exception {
        try (RedisServer redis = RedisServer.launch()) {
            requireSafe(
                    "--lockweave.backend=redis",
                    "--spring.data.redis.port=" + redis.port(),
                    "--spring.datasource.url=jdbc:h2:" + folder.resolve("points") + ";AUTO_SERVER=TRUE");
        }
    }

    @Test
    void with_locks_in_postgresql_nothing_is_lost_and_without_locks_something_is() throws Exception {
        try (PostgresServer postgres = PostgresServer.launch(Map.of())) {
            requireSafe("--lockweave.backend=jdbc", "--spring.datasource.url=" + postgres.url());
        }
    }

    private void requireSafe(String... options) throws Exception {
        int first = freePort();
        int second = freePort();
        List<Process> processes = new ArrayList<>();
        try {
            processes.add(start(first, options));
            processes.add(start(second, options));
            assertThat(pointsAfter200(first, second, "ann", "locked")).isEqualTo(201);
            assertThat(pointsAfter200(first, second, "bob", "none")).isLessThan(201);
        } finally {
            for (Process process : processes) {
                process.destroy();
                process.waitFor();
            }
        }
    }

    private Process start(int port, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                PointsApplication.class.getName(),
                "--server.port=" + port));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(port + ".txt").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> {
            assertThat(process.isAlive()).isTrue();
            return answers(port);
        });
        return process;
    }

    private boolean answers(int port) throws InterruptedException {
        try {
            return client.send(request(port, "/api/live").build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private int pointsAfter200(int first, int second, String user, String strategy) throws Exception {
        String path = "/api/users/" + user + "/points";
        client.send(add(first, path, strategy), BodyHandlers.ofString());
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(client.sendAsync(add(first, path, strategy), BodyHandlers.ofString()));
            all.add(client.sendAsync(add(second, path, strategy), BodyHandlers.ofString()));
        }
        all.forEach(one -> assertThat(one.join().statusCode()).isEqualTo(200));
        return Integer.parseInt(client.send(request(second, path).build(), BodyHandlers.ofString())
                .body());
    }

    private static HttpRequest add(int port, String path, String strategy) {
        return request(port, path + "?strategy=" + strategy)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
