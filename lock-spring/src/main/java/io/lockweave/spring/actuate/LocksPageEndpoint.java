package io.lockweave.spring.actuate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * A page for operators, in a browser: {@code GET lockspage}. It reads the endpoint {@code locks} beside it, under that
 * endpoint's own rules, and frees a lock by that endpoint where it may. Not exposed unless the application says so.
 */
@WebEndpoint(id = LocksPageEndpoint.ID, defaultAccess = Access.READ_ONLY)
final class LocksPageEndpoint {

    static final String ID = "lockspage";

    private final String page;

    /**
     * The page for a {@code locks} endpoint at this path.
     *
     * @param locksPath where the endpoint {@code locks} is, beside this one
     * @param mayRelease whether it frees locks
     */
    LocksPageEndpoint(String locksPath, boolean mayRelease) {
        String style = read("locks.css");
        String script = read("locks.js");
        this.page = read("locks.html")
                .replace("${csp}", policy(style, script))
                .replace("${locks}", attribute(locksPath))
                .replace("${release}", String.valueOf(mayRelease))
                .replace("${style}", style)
                .replace("${script}", script);
    }

    @ReadOperation(produces = "text/html;charset=UTF-8")
    String page() {
        return page;
    }

    /** Nothing runs in the page but what is in it, and it asks nobody but the server it came from. */
    private static String policy(String style, String script) {
        return "default-src 'none'; connect-src 'self'; style-src '" + hash(style) + "'; script-src '" + hash(script)
                + "'; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String attribute(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
    }

    private static String read(String name) {
        try (InputStream file = LocksPageEndpoint.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("The module's own file " + name + " is missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
