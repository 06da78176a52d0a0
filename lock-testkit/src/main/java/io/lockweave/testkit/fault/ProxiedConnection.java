package io.lockweave.testkit.fault;

import io.lockweave.testkit.Threads;
import io.lockweave.testkit.fault.FaultProxy.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One client connection of a {@link FaultProxy} and its twin to the server. */
final class ProxiedConnection {

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server = new Socket();
    private volatile boolean lostBytes;
    private volatile boolean abandoned;

    ProxiedConnection(FaultProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    void run() {
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(proxy.target(), 5_000);
            Threads.daemon("fault-proxy-down", () -> pump(server, client, Direction.DOWN));
        } catch (IOException e) {
            reset();
            return;
        }
        pump(client, server, Direction.UP);
    }

    private void pump(Socket from, Socket to, Direction direction) {
        byte[] buffer = new byte[16 * 1024];
        try (InputStream in = from.getInputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hold(proxy.delay());
                if (abandoned) {
                    continue;
                }
                if (proxy.swallows(direction)) {
                    lostBytes = true;
                } else if (lostBytes || (direction == Direction.DOWN && proxy.cutsThisReply())) {
                    reset();
                    return;
                } else {
                    to.getOutputStream().write(buffer, 0, read);
                    if (direction == Direction.DOWN && proxy.endsAfterThisReply()) {
                        break;
                    }
                }
            }
            end();
        } catch (IOException e) {
            // one side is gone, so the other has to go as well
            reset();
        }
    }

    /** Passes nothing more, and keeps both sides open. */
    void abandon() {
        abandoned = true;
    }

    private static void hold(Duration delay) {
        long end = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void end() {
        close(client);
        close(server);
        proxy.ended(this);
    }

    /** Closes both sides with RST, which loses what is under way. */
    void reset() {
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // already closed
            }
        }
        end();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing left to close
        }
    }
}
