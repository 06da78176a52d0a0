package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lockweave.LockBackendException;
import io.lockweave.testkit.Together;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LettuceConnectionsTest {

    private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();

    @Test
    void ofManyThreadsOneConnectsToASilentServerAndTheOthersDoNotEachWaitForAnAttemptOfTheirOwn() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RedisBackend backend =
                        Backends.open(RedisClients.LETTUCE, "redis://127.0.0.1:" + silent.getLocalPort())) {
            Together.start("silent server", () -> {
                while (!silent.isClosed()) {
                    accepted.add(silent.accept());
                }
                return accepted;
            });

            Together.run(4, i -> assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(() -> backend.find(Claims.key())));

            assertThat(accepted).hasSize(1);
        }
    }
}
