package io.lockweave.examples.springboot;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.json.JsonParser;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.util.FileSystemUtils;

/** One page of a Chromium without a window, through its DevTools protocol. Needs no library and no driver. */
final class Browser implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

    private final JsonParser json = JsonParserFactory.getJsonParser();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Map<String, Object>>> asked = new ConcurrentHashMap<>();

    /** What the page's console complained of. */
    final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    private final Path profile;
    private final Process process;
    private final WebSocket page;

    /** The program to start, if there is one. */
    static Optional<Path> program() {
        String path = System.getenv("PATH");
        return Arrays.stream((path == null ? "" : path).split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser(Path program) throws Exception {
        profile = Files.createTempDirectory("chromium");
        process = start(program);
        String port = URI.create(devTools()).getPort() + "";
        HttpRequest newPage = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        String target = http.send(newPage, HttpResponse.BodyHandlers.ofString()).body();
        String address = (String) json.parseMap(target).get("webSocketDebuggerUrl");
        page = http.newWebSocketBuilder()
                .buildAsync(URI.create(address), new Answers())
                .get(20, TimeUnit.SECONDS);
        ask("Runtime.enable", "");
        ask("Log.enable", "");
        ask("Page.enable", "");
    }

    private Process start(Path program) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox");
        }
        command.add("about:blank");
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private String devTools() throws IOException {
        BufferedReader output =
                new BufferedReader(new java.io.InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            all.append(line).append('\n');
            int address = line.indexOf("ws://");
            if (address >= 0) {
                Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}), "chromium output");
                drain.setDaemon(true);
                drain.start();
                return line.substring(address);
            }
        }
        throw new IOException("Chromium ended: " + all);
    }

    private final class Answers implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard(json.parseMap(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    private void heard(Map<String, Object> message) {
        Object method = message.get("method");
        if (message.get("id") instanceof Number id) {
            asked.remove(id.intValue()).complete(message);
        } else if ("Runtime.exceptionThrown".equals(method) || "Log.entryAdded".equals(method)) {
            complaints.add(message.get("params").toString());
        }
    }

    private Map<String, Object> ask(String method, String parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        asked.put(id, answer);
        page.sendText("{\"id\":%d,\"method\":\"%s\",\"params\":{%s}}".formatted(id, method, parameters), true)
                .get(20, TimeUnit.SECONDS);
        return answer.get(20, TimeUnit.SECONDS);
    }

    void open(String url, int width, int height, boolean phone) throws Exception {
        ask(
                "Emulation.setDeviceMetricsOverride",
                "\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":%b".formatted(width, height, phone));
        ask("Page.navigate", "\"url\":\"" + url + "\"");
    }

    /** What the page is told that its reader prefers: {@code light} or {@code dark}. */
    void colours(String preferred) throws Exception {
        ask(
                "Emulation.setEmulatedMedia",
                "\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"}]".formatted(preferred));
    }

    /** The value of a JavaScript expression without double quotes in it. */
    Object value(String expression) throws Exception {
        Map<?, ?> result =
                (Map<?, ?>) ask("Runtime.evaluate", "\"returnByValue\":true,\"expression\":\"" + expression + "\"")
                        .get("result");
        if (result.get("exceptionDetails") != null) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return ((Map<?, ?>) result.get("result")).get("value");
    }

    /** What a screen reader gets of the page: each node that is not left out, with its role, name and properties. */
    List<Spoken> spoken() throws Exception {
        List<Spoken> all = new ArrayList<>();
        Map<?, ?> result = (Map<?, ?>) ask("Accessibility.getFullAXTree", "").get("result");
        for (Object one : (List<?>) result.get("nodes")) {
            Map<?, ?> node = (Map<?, ?>) one;
            if (Boolean.FALSE.equals(node.get("ignored"))) {
                all.add(Spoken.of(node));
            }
        }
        return all;
    }

    /** One node of Chromium's accessibility tree. */
    record Spoken(String role, String name, String description, Map<String, String> properties) {

        private static Spoken of(Map<?, ?> node) {
            Map<String, String> properties = new TreeMap<>();
            if (node.get("properties") instanceof List<?> list) {
                list.forEach(one ->
                        properties.put(((Map<?, ?>) one).get("name").toString(), text(((Map<?, ?>) one).get("value"))));
            }
            return new Spoken(
                    text(node.get("role")), text(node.get("name")), text(node.get("description")), properties);
        }

        private static String text(Object value) {
            return value instanceof Map<?, ?> map && map.get("value") != null
                    ? map.get("value").toString()
                    : "";
        }
    }

    /** A picture of the whole page. */
    void picture(Path file) throws Exception {
        Map<?, ?> result = (Map<?, ?>)
                ask("Page.captureScreenshot", "\"captureBeyondViewport\":true").get("result");
        Files.write(file, Base64.getDecoder().decode((String) result.get("data")));
    }

    @Override
    public void close() throws Exception {
        page.abort();
        List<ProcessHandle> helpers = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        helpers.forEach(ProcessHandle::destroyForcibly);
        // One that is about to end may still have written.
        await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            FileSystemUtils.deleteRecursively(profile);
            return Files.notExists(profile);
        });
    }
}
