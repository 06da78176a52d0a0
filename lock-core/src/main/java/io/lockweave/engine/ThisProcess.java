package io.lockweave.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What tells this JVM from others when people look into a store. Found once, when first asked for. */
final class ThisProcess {

    static final long PID = ProcessHandle.current().pid();
    static final String HOST = host();

    private ThisProcess() {}

    private static String host() {
        String named = System.getenv("HOSTNAME");
        if (named != null && !named.isBlank()) {
            return named;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }
}
