package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testservers.TlsFront;
import io.lockweave.testservers.redis.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Redis behind TLS, with a certificate that the other JVM trusts, or does not. */
@Timeout(120)
class RedisTlsTest {

    private static RedisServer server;
    private static TlsFront front;

    @BeforeAll
    static void start() throws Exception {
        server = RedisServer.launch("--requirepass", "pw");
        front = TlsFront.before(server.port());
    }

    @AfterAll
    static void stop() throws IOException {
        front.close();
        server.close();
    }

    /** Makes a backend in the other JVM, which trusts the certificate in this file. */
    public static final class Trusting implements ForkedHolder.BackendMaker {

        /** For the other JVM. */
        public Trusting() {}

        @Override
        public LockBackend make(List<String> arguments) {
            System.setProperty("javax.net.ssl.trustStore", arguments.get(2));
            System.setProperty("javax.net.ssl.trustStorePassword", TlsFront.PASSWORD);
            return Backends.open(RedisClients.valueOf(arguments.get(0)), arguments.get(1));
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aTrustedServerIsUsed(RedisClients client) {
        try (ForkedHolder holder = ForkedHolder.start(
                ForkedHolder.Recipe.of(
                        Trusting.class,
                        client.name(),
                        "rediss://:pw@127.0.0.1:" + front.port(),
                        front.keys().toString()),
                LockKey.of("tls", client),
                Duration.ofSeconds(20))) {
            assertThat(holder.awaitHeld()).isPositive();
            holder.release();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aServerThatIsNotTrustedIsRefused(RedisClients client) {
        try (RedisBackend backend = Backends.open(client, "rediss://:pw@127.0.0.1:" + front.port())) {
            backend.tryAcquire(Claims.exclusive(Claims.key()));
            throw new AssertionError("it was trusted");
        } catch (RuntimeException e) {
            assertThat(e).hasStackTraceContaining("certification path");
        }
    }
}
