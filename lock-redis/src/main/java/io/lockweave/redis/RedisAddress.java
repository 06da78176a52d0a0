package io.lockweave.redis;

import io.lockweave.LockUsageException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is and how to log in, out of a URI: {@code redis://[user:password@]host[:port][/database]}, with
 * {@code rediss} for TLS; {@code redis-sentinel://[user:password@]sentinel[:port],.../[database]#master}; or
 * {@code redis-cluster://[user:password@]node[:port],...}.
 */
record RedisAddress(
        Kind kind,
        boolean tls,
        @Nullable String user,
        @Nullable String password,
        List<Node> nodes,
        int database,
        String master) {

    enum Kind {
        SINGLE,
        SENTINEL,
        CLUSTER
    }

    record Node(String host, int port) {}

    /** By hand, because {@link java.net.URI} knows one host only. */
    private static final Pattern FORM = Pattern.compile("(?<scheme>[a-z-]+)://((?<login>.*)@)?(?<hosts>[^@/?#\\s]+)"
            + "(/(?<database>[^/?#\\s]*))?(#(?<master>[^#\\s]*))?");

    private static final String FORMS = "use redis://[user:password@]host:port/database, rediss:// for TLS,"
            + " redis-sentinel://host:port,host:port/database#master, or redis-cluster://host:port,host:port";

    static RedisAddress parse(String text) {
        Matcher uri = FORM.matcher(text.trim());
        if (!uri.matches()) {
            throw wrong("cannot be read");
        }
        Kind kind = kind(group(uri, "scheme"));
        if (kind == null) {
            throw wrong("is not an address of Redis");
        }
        String login = group(uri, "login");
        int colon = login.indexOf(':');
        String user = colon < 0 ? "" : decoded(login.substring(0, colon));
        String password = decoded(login.substring(colon + 1));
        List<Node> nodes = nodes(group(uri, "hosts"), kind == Kind.SENTINEL ? 26_379 : 6_379);
        String master = group(uri, "master");
        if (kind == Kind.SENTINEL && master.isEmpty()) {
            throw wrong("names no master");
        }
        if (kind == Kind.SINGLE && nodes.size() > 1) {
            throw wrong("names several hosts");
        }
        return new RedisAddress(
                kind,
                group(uri, "scheme").startsWith("rediss"),
                user.isEmpty() ? null : user,
                password.isEmpty() ? null : password,
                nodes,
                database(group(uri, "database"), kind),
                master);
    }

    private static String group(Matcher uri, String name) {
        String group = uri.group(name);
        return group == null ? "" : group;
    }

    private static @Nullable Kind kind(String scheme) {
        return switch (scheme) {
            case "redis", "rediss" -> Kind.SINGLE;
            case "redis-sentinel", "rediss-sentinel" -> Kind.SENTINEL;
            case "redis-cluster", "rediss-cluster" -> Kind.CLUSTER;
            default -> null;
        };
    }

    private static List<Node> nodes(String hosts, int defaultPort) {
        List<Node> nodes = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            int colon = host.lastIndexOf(':');
            boolean hasPort = colon > host.lastIndexOf(']');
            String name = hasPort ? host.substring(0, colon) : host;
            if (name.isBlank()) {
                throw wrong("has an empty host");
            }
            nodes.add(new Node(name, hasPort ? number(host.substring(colon + 1), "port", 65_535) : defaultPort));
        }
        return List.copyOf(nodes);
    }

    private static int database(String text, Kind kind) {
        int database = text.isEmpty() ? 0 : number(text, "database", 1_000_000);
        if (kind == Kind.CLUSTER && database != 0) {
            throw wrong("names a database, and a Cluster has one only");
        }
        return database;
    }

    private static int number(String text, String what, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong("has the " + what + " \"" + text + "\", which is no number up to " + most);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static LockUsageException wrong(String how) {
        return new LockUsageException("lockweave.redis.uri " + how, FORMS);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return kind + " " + nodes + (tls ? " with TLS" : "");
    }
}
