package io.lockweave.jdbc;

import io.lockweave.testservers.database.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A PgBouncer in transaction mode before the PostgreSQL of the tests: each transaction may meet another session. The
 * build does not bring it along: {@code -Dlockweave.test.pgbouncer=/path} names the program.
 */
final class PgBouncer implements AutoCloseable {

    /** What the tests that need it say when they are skipped. */
    static final String SKIPPED = "no PgBouncer: name one with -Dlockweave.test.pgbouncer=/path/to/pgbouncer";

    private static final Path PROGRAM = Path.of(System.getProperty("lockweave.test.pgbouncer", ""));

    /** Fewer than the pools of the tests have connections, so that sessions do change hands. */
    private static final int SESSIONS = 5;

    private final int port;
    private final Process process;

    private PgBouncer(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    static boolean isThere() {
        return Files.isRegularFile(PROGRAM) && Files.isExecutable(PROGRAM)
                || RealServers.isSkipped("behind PgBouncer", SKIPPED);
    }

    static PgBouncer launch() {
        try {
            Path folder = Files.createTempDirectory("lockweave-pgbouncer");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            int port = freePort();
            Path configuration = Files.write(folder.resolve("pgbouncer.ini"), configuration(port));
            Process process = new ProcessBuilder(PROGRAM.toString(), configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            PgBouncer launched = new PgBouncer(port, process);
            Runtime.getRuntime().addShutdownHook(new Thread(launched::close, "stop pgbouncer"));
            launched.awaitAnswer(folder.resolve("log"));
            return launched;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> configuration(int port) {
        boolean root = System.getProperty("user.name").equals("root"); // which it refuses to be
        return List.of(
                "[databases]",
                "* = host=127.0.0.1 port=" + PostgresServer.shared().port() + " user=postgres password=postgres",
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                "listen_port = " + port,
                "unix_socket_dir =",
                "auth_type = any",
                "pool_mode = transaction",
                "default_pool_size = " + SESSIONS,
                "ignore_startup_parameters = extra_float_digits",
                root ? "user = nobody" : "");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer(Path log) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - end > 0) {
                    throw new IOException("PgBouncer does not answer: " + Files.readString(log), e);
                }
            }
        }
    }

    /** A JDBC URL with these settings of the driver. */
    String url(String settings) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres" + settings;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
