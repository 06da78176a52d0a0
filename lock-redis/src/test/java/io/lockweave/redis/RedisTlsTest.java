package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testservers.redis.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Redis behind TLS, with a certificate that the other JVM trusts, or does not. */
@Timeout(120)
class RedisTlsTest {

    private static final String PASSWORD = "secret";

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static SSLServerSocket listener;

    @BeforeAll
    static void start() throws Exception {
        server = RedisServer.launch("--requirepass", "pw");
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost")
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(RedisTlsTest::accept);
    }

    @AfterAll
    static void stop() throws IOException {
        listener.close();
        server.close();
    }

    private static void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket redis = new Socket(InetAddress.getLoopbackAddress(), server.port());
                daemon(() -> pump(client, redis));
                daemon(() -> pump(redis, client));
            } catch (IOException e) {
                // closed in the end
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8_192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // a client that does not trust the server, or the end
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "tls");
        thread.setDaemon(true);
        thread.start();
    }

    /** Makes a backend in the other JVM, which trusts the certificate in this file. */
    public static final class Trusting implements ForkedHolder.BackendMaker {

        /** For the other JVM. */
        public Trusting() {}

        @Override
        public LockBackend make(List<String> arguments) {
            System.setProperty("javax.net.ssl.trustStore", arguments.get(2));
            System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
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
                        "rediss://:pw@127.0.0.1:" + listener.getLocalPort(),
                        folder.resolve("keys.p12").toString()),
                LockKey.of("tls", client),
                Duration.ofSeconds(20))) {
            assertThat(holder.awaitHeld()).isPositive();
            holder.release();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aServerThatIsNotTrustedIsRefused(RedisClients client) {
        try (RedisBackend backend = Backends.open(client, "rediss://:pw@127.0.0.1:" + listener.getLocalPort())) {
            backend.tryAcquire(Claims.exclusive(Claims.key()));
            throw new AssertionError("it was trusted");
        } catch (RuntimeException e) {
            assertThat(e).hasStackTraceContaining("certification path");
        }
    }
}
