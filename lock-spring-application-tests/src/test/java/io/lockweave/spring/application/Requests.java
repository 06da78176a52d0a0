package io.lockweave.spring.application;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What many requests at once were answered. */
record Requests(int done, List<String> failures) {

    /** As many as the server takes on at once by default, and twenty times its pool of connections. */
    private static final int AT_ONCE = 200;

    private static final int OK = 200;

    /** Sends that many, 200 at once. */
    static Requests send(int count, URI to) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(threads.submit(() -> send(client, to)));
            }
            int done = 0;
            List<String> failures = new ArrayList<>();
            for (Future<String> answer : answers) {
                String failure = answer.get();
                if (failure.isEmpty()) {
                    done++;
                } else {
                    failures.add(failure);
                }
            }
            return new Requests(done, failures);
        } finally {
            threads.shutdownNow();
        }
    }

    private static String send(HttpClient client, URI to) throws IOException, InterruptedException {
        var answer = client.send(
                HttpRequest.newBuilder(to).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        return answer.statusCode() == OK ? "" : answer.statusCode() + " " + answer.body();
    }
}
