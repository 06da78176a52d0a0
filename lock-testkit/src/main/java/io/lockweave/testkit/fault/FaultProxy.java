package io.lockweave.testkit.fault;

import io.lockweave.testkit.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on the loopback address that stands between a client and its server and behaves badly on demand: slow,
 * cut, refusing, or swallowing what is sent in one direction. Faults can be set while connections run; {@link #heal()}
 * ends them all. Safe for use from any thread.
 *
 * <p>A connection that lost bytes can only talk nonsense afterwards, so it is reset as soon as bytes pass again.
 */
public final class FaultProxy implements AutoCloseable {

    /** Which way bytes go. */
    enum Direction {
        /** From the client to the server: requests. */
        UP,
        /** From the server to the client: replies. */
        DOWN
    }

    private volatile InetSocketAddress target;
    /** Bound and never listening: keeps the port ours while new connections are refused. */
    private final Socket placeholder = new Socket();

    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Direction> blackholes = ConcurrentHashMap.newKeySet();
    private final AtomicInteger repliesToCut = new AtomicInteger();
    private final AtomicBoolean endsAfterReply = new AtomicBoolean();
    private volatile Duration delay = Duration.ZERO;
    private @Nullable ServerSocket listener;
    private @Nullable Thread acceptor;
    private boolean closed;

    private FaultProxy(InetSocketAddress target) throws IOException {
        this.target = target;
        placeholder.setReuseAddress(true);
        placeholder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listen();
    }

    /**
     * A healthy proxy in front of this server, listening on a free port.
     *
     * @throws UncheckedIOException if no port can be had
     */
    public static FaultProxy to(String host, int port) {
        try {
            return new FaultProxy(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a proxy to " + host + ":" + port, e);
        }
    }

    /** The address clients connect to: the loopback address. */
    public String host() {
        return InetAddress.getLoopbackAddress().getHostAddress();
    }

    /** The port clients connect to; it never changes. */
    public int port() {
        return placeholder.getLocalPort();
    }

    /** How many client connections are open. */
    public int connections() {
        return connections.size();
    }

    /** Holds back every piece of data for this long, in both directions; zero ends it. */
    public FaultProxy delay(Duration delay) {
        this.delay = delay;
        return this;
    }

    /** Swallows requests: the server never sees them. */
    public FaultProxy blackholeUp() {
        blackholes.add(Direction.UP);
        return this;
    }

    /** Swallows replies: the server does what it was asked, and the client never hears of it. */
    public FaultProxy blackholeDown() {
        blackholes.add(Direction.DOWN);
        return this;
    }

    /** Swallows the next replies, so many of them, and resets the connection each would have come on. */
    public FaultProxy cutReplies(int replies) {
        repliesToCut.set(replies);
        return this;
    }

    /** Passes on the next reply, and ends the connection it came on, as a server that dies right after it answered. */
    public FaultProxy endAfterReply() {
        endsAfterReply.set(true);
        return this;
    }

    /** Resets (RST) every open connection; new ones are served. */
    public FaultProxy resetAll() {
        connections.forEach(ProxiedConnection::reset);
        return this;
    }

    /**
     * Every open connection falls silent in both directions and never ends, as when a host vanishes; new ones are
     * served.
     */
    public FaultProxy abandonAll() {
        connections.forEach(ProxiedConnection::abandon);
        return this;
    }

    /** Refuses new connections as a port nobody listens on does; open ones live on. */
    public synchronized FaultProxy refuse() {
        ServerSocket open = listener;
        Thread accepting = acceptor;
        if (open != null && accepting != null) {
            listener = null;
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot stop listening on port " + port(), e);
            }
            // the kernel goes on listening for as long as a thread is inside accept
            Threads.join(accepting);
        }
        return this;
    }

    /** The server is gone: open connections are reset and new ones refused. */
    public FaultProxy down() {
        return refuse().resetAll();
    }

    /**
     * New connections are served by the server on this port of the same host, as when an address moves; open ones stay.
     */
    public FaultProxy moveTo(int port) {
        target = new InetSocketAddress(target.getHostString(), port);
        return this;
    }

    /** Ends all faults. Connections that lost bytes are reset at their next piece of data. */
    public synchronized FaultProxy heal() {
        delay = Duration.ZERO;
        blackholes.clear();
        repliesToCut.set(0);
        endsAfterReply.set(false);
        if (listener == null && !closed) {
            try {
                listen();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen on port " + port() + " again", e);
            }
        }
        return this;
    }

    private synchronized void listen() throws IOException {
        ServerSocket fresh = new ServerSocket();
        fresh.setReuseAddress(true);
        fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), placeholder.getLocalPort()));
        listener = fresh;
        acceptor = Threads.daemon("fault-proxy-accept", () -> accept(fresh));
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                ProxiedConnection connection = new ProxiedConnection(this, from.accept());
                connections.add(connection);
                Threads.daemon("fault-proxy-up", connection::run);
            } catch (IOException e) {
                // refuse() or close() closed the listener, which ends the loop; a client that was gone at once does not
            }
        }
    }

    InetSocketAddress target() {
        return target;
    }

    Duration delay() {
        return delay;
    }

    boolean swallows(Direction direction) {
        return blackholes.contains(direction);
    }

    boolean cutsThisReply() {
        return repliesToCut.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    boolean endsAfterThisReply() {
        return endsAfterReply.getAndSet(false);
    }

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
    }

    /** Stops listening and resets what is open. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        down();
        try {
            placeholder.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give up port " + port(), e);
        }
    }
}
