package io.lockweave.benchmarks.contest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a server of this machine far away: what goes there and what comes back takes half a round trip each, however
 * much is under way.
 */
final class FarServer implements AutoCloseable {

    private static final class Packet {

        final byte[] bytes;
        final long due;

        Packet(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }
    }

    private final ServerSocket listening;
    private final URI server;
    private final long oneWay;

    private FarServer(ServerSocket listening, URI server, long oneWay) {
        this.listening = listening;
        this.server = server;
        this.oneWay = oneWay;
    }

    static FarServer behind(URI server, Duration roundTrip) throws IOException {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        FarServer far = new FarServer(listening, server, roundTrip.toNanos() / 2);
        start(far::accept);
        return far;
    }

    /** Its address, of the same kind as the server's own. */
    String uri() {
        return server.getScheme() + "://127.0.0.1:" + listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                carry(near, far);
                carry(far, near);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Packet> underWay = new LinkedBlockingQueue<>();
        start(() -> read(from, underWay));
        start(() -> write(to, underWay));
    }

    private void read(Socket from, BlockingQueue<Packet> underWay) {
        byte[] buffer = new byte[65_536];
        try (InputStream in = from.getInputStream()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                underWay.add(new Packet(Arrays.copyOf(buffer, length), System.nanoTime() + oneWay));
            }
        } catch (IOException e) {
            // its end is passed on all the same
        }
        underWay.add(new Packet(new byte[0], System.nanoTime()));
    }

    private static void write(Socket to, BlockingQueue<Packet> underWay) {
        try (OutputStream out = to.getOutputStream()) {
            for (Packet next = underWay.take(); next.bytes.length > 0; next = underWay.take()) {
                for (long left = next.due - System.nanoTime(); left > 0; left = next.due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(next.bytes);
            }
        } catch (IOException | InterruptedException e) {
            // whoever reads there finds out
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "far-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
