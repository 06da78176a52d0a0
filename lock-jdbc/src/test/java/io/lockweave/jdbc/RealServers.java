package io.lockweave.jdbc;

import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Servers that the build does not bring along. {@code -Dlockweave.test.NAME.url=jdbc:...} names one's own, with user
 * and password in the URL, for any of {@link TestDatabase}. With {@code -Pcontainers} Testcontainers starts the others
 * where there is Docker. Without either their tests are skipped.
 */
final class RealServers {

    static final String MYSQL_CONTAINER = "jdbc:tc:mysql:8.4:///lockweave?TC_DAEMON=true";
    static final String SQLSERVER_CONTAINER = "jdbc:tc:sqlserver:2022-latest:///lockweave?TC_DAEMON=true";
    static final String ORACLE_CONTAINER = "jdbc:tc:oracle:23-slim-faststart:///lockweave?TC_DAEMON=true";

    /** What the tests that need one of them say when they are skipped. */
    static final String SKIPPED = "no server: run with -Pcontainers where Docker is, or name one's own with"
            + " -Dlockweave.test.mysql.url, -Dlockweave.test.sqlserver.url or -Dlockweave.test.oracle.url";

    private RealServers() {}

    static @Nullable String own(TestDatabase database) {
        return System.getProperty("lockweave.test." + database.name().toLowerCase(Locale.ROOT) + ".url");
    }

    static boolean mySqlIsThere() {
        return isThere(TestDatabase.MYSQL);
    }

    static boolean sqlServerIsThere() {
        return isThere(TestDatabase.SQLSERVER);
    }

    static boolean oracleIsThere() {
        return isThere(TestDatabase.ORACLE);
    }

    private static boolean isThere(TestDatabase database) {
        return own(database) != null || Docker.IS_THERE || isSkipped("on " + database, SKIPPED);
    }

    /** Says in the build's output why tests are skipped, since Maven only counts them; false. */
    static boolean isSkipped(String tests, String why) {
        System.getLogger(RealServers.class.getName())
                .log(System.Logger.Level.INFO, "The tests " + tests + " are skipped: " + why);
        return false;
    }

    private static final class Docker {

        static final boolean IS_THERE = isThere();

        /** Testcontainers is there with {@code -Pcontainers} only, and complains at length without Docker. */
        private static boolean isThere() {
            Logger complaints = Logger.getLogger("org.testcontainers");
            Level before = complaints.getLevel();
            complaints.setLevel(Level.OFF);
            try {
                Class<?> factory = Class.forName("org.testcontainers.DockerClientFactory");
                Object instance = factory.getMethod("instance").invoke(null);
                return (boolean) factory.getMethod("isDockerAvailable").invoke(instance);
            } catch (ReflectiveOperationException e) {
                return false;
            } finally {
                complaints.setLevel(before);
            }
        }
    }
}
