package io.lockweave.testservers.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server on a free port of this machine, with data of its own. Not safe for use from several threads. */
public final class PostgresServer implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(60);

    private static @Nullable PostgresServer shared;

    private final Path data;
    private final Map<String, String> configuration;
    private @Nullable EmbeddedPostgres server;
    private int port;

    private PostgresServer(Map<String, String> configuration) {
        try {
            this.data = Files.createTempDirectory("lockweave-postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.configuration = Map.copyOf(configuration);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop postgres"));
        start();
    }

    /** The server that all tests of this JVM may use, started by the first; nobody stops it. */
    public static synchronized PostgresServer shared() {
        if (shared == null) {
            shared = launch(Map.of());
        }
        return shared;
    }

    /**
     * Starts a server for one test, with these settings of {@code postgresql.conf}. By default a commit waits for the
     * server to write it, but not for the disk, which only a power cut would tell ({@code fsync} is off).
     */
    public static PostgresServer launch(Map<String, String> configuration) {
        return new PostgresServer(configuration);
    }

    /** Starts it again on the same port and data, after {@link #kill}. */
    public void start() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(READY);
        configuration.forEach(builder::setServerConfig);
        try {
            server = builder.start();
            port = server.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL; as root it needs user namespaces (unshare -U)", e);
        }
    }

    /** Kills it on the spot ({@code kill -9}), as a power cut of the program, not of the disk. */
    public void kill() {
        ProcessHandle postmaster = ProcessHandle.of(pid()).orElseThrow();
        var children = postmaster.children().toList();
        postmaster.destroyForcibly();
        children.forEach(Signals::awaitEnd);
        Signals.awaitEnd(postmaster);
        close();
    }

    /** The process id of the postmaster. */
    public long pid() {
        try {
            return Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not run", e);
        }
    }

    /** A JDBC URL with user and password in it. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=postgres";
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** Stops it; its data stays until the JVM ends. */
    @Override
    public void close() {
        EmbeddedPostgres running = server;
        server = null;
        if (running != null) {
            try {
                running.close();
            } catch (IOException e) {
                // killed before
            }
        }
    }
}
