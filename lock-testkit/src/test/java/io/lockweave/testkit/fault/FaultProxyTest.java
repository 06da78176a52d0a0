package io.lockweave.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.testkit.Threads;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultProxyTest {

    private final BlockingQueue<Integer> served = new LinkedBlockingQueue<>();
    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void startEchoBehindProxy() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Threads.daemon("echo", this::acceptEchoes);
        proxy = FaultProxy.to("127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBytesBothWays() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, 7)).isEqualTo(7);
            assertThat(proxy.connections()).isEqualTo(1);
        }
        Awaitility.await().until(() -> proxy.connections() == 0);
    }

    @Test
    void delaysEachWay() throws IOException {
        try (Socket client = connect()) {
            ask(client, 1);
            proxy.delay(Duration.ofMillis(60));
            long start = System.nanoTime();
            assertThat(ask(client, 2)).isEqualTo(2);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(120_000_000L);
        }
    }

    @Test
    void aBlackHoleUpKeepsTheRequestFromTheServer() throws Exception {
        try (Socket client = connect()) {
            proxy.blackholeUp();
            assertThatThrownBy(() -> ask(client, 3)).isInstanceOf(SocketTimeoutException.class);
            assertThat(served).isEmpty();
        }
    }

    @Test
    void aBlackHoleDownKeepsTheReplyFromTheClient() throws Exception {
        try (Socket client = connect()) {
            proxy.blackholeDown();
            assertThatThrownBy(() -> ask(client, 4)).isInstanceOf(SocketTimeoutException.class);
            assertThat(served.poll(5, TimeUnit.SECONDS)).isEqualTo(4);

            proxy.heal();
            assertThatThrownBy(() -> ask(client, 5))
                    .as("a connection with a hole in it")
                    .isInstanceOf(IOException.class);
        }
        try (Socket fresh = connect()) {
            assertThat(ask(fresh, 6)).isEqualTo(6);
        }
    }

    @Test
    void cutsExactlyTheRepliesAskedFor() throws Exception {
        proxy.cutReplies(1);
        try (Socket first = connect()) {
            assertThatThrownBy(() -> ask(first, 1)).isInstanceOf(IOException.class);
        }
        assertThat(served.poll(5, TimeUnit.SECONDS)).isEqualTo(1);
        try (Socket second = connect()) {
            assertThat(ask(second, 2)).isEqualTo(2);
        }
    }

    @Test
    void resetsOpenConnections() throws IOException {
        try (Socket client = connect()) {
            ask(client, 1);
            proxy.resetAll();
            assertThatThrownBy(() -> {
                        ask(client, 2);
                        ask(client, 3);
                    })
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void refusesAndListensAgainOnTheSamePort() throws IOException {
        int port = proxy.port();
        for (int round = 0; round < 20; round++) {
            proxy.down();
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            proxy.heal();
            assertThat(proxy.port()).isEqualTo(port);
            try (Socket client = connect()) {
                assertThat(ask(client, round)).isEqualTo(round);
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(proxy.host(), proxy.port());
        socket.setSoTimeout(500);
        return socket;
    }

    private static int ask(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        int reply = client.getInputStream().read();
        if (reply < 0) {
            throw new IOException("the connection ended");
        }
        return reply;
    }

    private void acceptEchoes() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Threads.daemon("echo", () -> echoTo(client));
            } catch (IOException e) {
                // closed by the test's end
            }
        }
    }

    private void echoTo(Socket client) {
        try (client) {
            for (int value = client.getInputStream().read();
                    value >= 0;
                    value = client.getInputStream().read()) {
                served.add(value);
                client.getOutputStream().write(value);
            }
        } catch (IOException e) {
            // reset by the proxy
        }
    }
}
