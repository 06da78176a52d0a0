package io.lockweave.redis;

import io.lockweave.LockBackendException;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The claims of this JVM that wait in Redis, and the one channel on which they hear of it. The channel is subscribed to
 * when the first claim has to wait.
 */
final class Waits implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.lockweave.redis");

    /** In place of the channel, while it is not listened to. */
    static final String NO_CHANNEL = "-";

    /**
     * One claim.
     *
     * @param claim the claim
     * @param heard whether the channel was listened to before the claim was sent
     * @param asksWithin how long it may go without asking again while messages arrive
     * @param waker whom to tell; null from the time the claim is sent until its watch begins
     * @param missed what came in that time
     */
    private record Waiting(
            Claim claim,
            boolean heard,
            Duration asksWithin,
            @Nullable Waker waker,
            @Nullable String missed) {}

    /** After so long without a message it is seen whether messages arrive; that is given as much time again. */
    private static final long QUIET = TimeUnit.SECONDS.toNanos(1);

    /** Messages arrived so short a time ago that they are taken to arrive still. */
    private static final long SURE = 5 * QUIET / 2;

    private static final Duration CROWD_LEAST = Duration.ofMillis(50);
    private static final Duration CROWD_MOST = Duration.ofMillis(500);

    /** A server that knows no subscriptions is asked again after this time. */
    private static final long REFUSED = TimeUnit.SECONDS.toNanos(30);

    private final RedisTransport transport;
    private final RedisCalls calls;
    private final String channel = "lw:" + UUID.randomUUID();
    private final ConcurrentMap<String, Waiting> byOwner = new ConcurrentHashMap<>();
    private final ReentrantLock subscribing = new ReentrantLock();
    private RedisTransport.@Nullable Subscription subscription;
    private volatile Ear ear = new Ear();
    private volatile boolean closed;
    private volatile long heard;
    private volatile long echoAsked;
    private volatile boolean echoUnderWay;
    private boolean saidThatNothingIsHeard;
    private volatile boolean saidThatItPolls;
    private volatile long notBefore = System.nanoTime();
    private volatile boolean listenedBefore;
    private boolean askedWhoListens;

    Waits(RedisTransport transport, RedisCalls calls) {
        this.transport = transport;
        this.calls = calls;
    }

    /**
     * How a claim is to be sent.
     *
     * @param channel the channel on which it can be told, or {@link #NO_CHANNEL}
     * @param first whether it was never sent before, so that it is surely not queued
     */
    record Sending(String channel, boolean first) {}

    /** Before a claim is sent. If it is ready to wait, what comes for it from then on is kept. */
    Sending send(Claim claim) {
        if (!claim.willWait()) {
            return new Sending(NO_CHANNEL, !byOwner.containsKey(claim.owner()));
        }
        boolean wasListening = ear.listening;
        Waiting before = byOwner.putIfAbsent(
                claim.owner(), new Waiting(claim, wasListening, LockStore.POLL_WITH_PUSH, null, null));
        if (before != null && before.waker != null) {
            subscribe(); // for a claim that is watched that was tried before and did not work
        }
        return new Sending(ear.listening ? channel : NO_CHANNEL, before == null);
    }

    /** A claim that was sent was answered and does not wait. */
    void settled(Claim claim) {
        byOwner.computeIfPresent(claim.owner(), (owner, waiting) -> waiting.waker == null ? null : waiting);
    }

    /** A claim is given up. */
    void forget(Claim claim) {
        byOwner.remove(claim.owner());
    }

    Watch watch(Claim claim, Waker waker) {
        Waiting before = byOwner.get(claim.owner());
        Duration within = before == null ? LockStore.POLL_WITH_PUSH : before.asksWithin;
        before = byOwner.put(claim.owner(), new Waiting(claim, true, within, waker, null));
        try {
            subscribe();
            askWhoListens(claim);
        } catch (LockBackendException e) {
            forget(claim);
            throw e;
        }
        if (before != null && before.missed != null) {
            tell(new Waiting(claim, true, within, waker, null), before.missed);
        }
        boolean missedNothing = before != null && before.heard;
        return new Watch() {
            @Override
            public boolean missedNothing() {
                return missedNothing;
            }

            @Override
            public Duration quiet() {
                return mayBeQuiet(claim);
            }

            @Override
            public void close() {
                forget(claim);
            }
        };
    }

    /**
     * A claim was answered that it has to wait, and may do so for this time without asking again. Each draws its own,
     * so that those who were woken together ask one after the other from then on.
     */
    void isBusy(Claim claim, Duration asksWithin) {
        long most = asksWithin.toNanos();
        long least = Math.max(LockStore.POLL_WITH_PUSH.toNanos(), most * 3 / 5);
        Duration drawn =
                least < most ? Duration.ofNanos(ThreadLocalRandom.current().nextLong(least, most)) : asksWithin;
        byOwner.computeIfPresent(claim.owner(), (owner, w) -> new Waiting(w.claim, w.heard, drawn, w.waker, w.missed));
        listensStill(claim);
    }

    /** For how long after its last try a claim need not ask, since it would be told. */
    private Duration mayBeQuiet(Claim claim) {
        try {
            listensStill(claim);
        } catch (LockBackendException e) {
            return LockStore.POLL_WITH_PUSH; // the next try tells
        }
        Waiting waiting = byOwner.get(claim.owner());
        boolean hears = ear.listening && System.nanoTime() - heard < SURE;
        return waiting != null && hears ? waiting.asksWithin : LockStore.POLL_WITH_PUSH;
    }

    /**
     * Begins to listen, unless another thread is about to. What keeps it from that only for now is left to polling, and
     * tried again with a later try.
     */
    private void subscribe() {
        if (ear.listening || closed || System.nanoTime() - notBefore < 0 || !subscribing.tryLock()) {
            return;
        }
        try {
            if (subscription == null && !closed) {
                subscription = transport.subscribe(channel, ear);
            }
        } catch (RuntimeException e) {
            ear = new Ear();
            pollInstead(RedisErrors.translate(transport.client(), "listen for released locks", e), e);
        } finally {
            subscribing.unlock();
        }
    }

    /**
     * Once: a release asks the server whether its next waiter listens, before it grants the lock to it. If the server
     * does not tell or does not know, waiters are only woken, and have to ask themselves.
     */
    private void askWhoListens(Claim claim) {
        if (!ear.listening || transport.cluster() || !subscribing.tryLock()) {
            return;
        }
        try {
            if (askedWhoListens) {
                return;
            }
            askedWhoListens = true;
            List<String> keys = RedisKeys.of(claim.key()).all();
            String counted = calls.run("ask who listens", RedisScript.ECHO, keys, List.of(channel))
                    .get(1);
            if (!counted.matches("[1-9][0-9]*")) {
                LOG.log(
                        Level.WARNING,
                        "Redis does not say that this process listens (PUBSUB NUMSUB: {0}), so a lock that comes free"
                                + " is not given to who waits for it here: it is woken, and asks. To fix it: allow"
                                + " PUBSUB, and see that it is the master that is listened to",
                        counted);
            }
        } catch (LockBackendException e) {
            LOG.log(Level.DEBUG, "Whether a release finds its waiters is not known", e);
        } finally {
            subscribing.unlock();
        }
    }

    /**
     * A right or a login that is missing is for people to give; a server or proxy without subscriptions has to be lived
     * with.
     */
    private void pollInstead(LockBackendException failure, RuntimeException cause) {
        if (!failure.retryable()) {
            if (RedisErrors.isDenied(cause)) {
                throw failure;
            }
            notBefore = System.nanoTime() + REFUSED;
        }
        if (!saidThatItPolls) {
            saidThatItPolls = true;
            LOG.log(Level.WARNING, "Waiting locks poll once a second until listening works: {0}", failure.getMessage());
        }
    }

    /**
     * A claim that waits has asked once more, or could. If nothing was heard for a while a message to ourselves shows
     * whether anything can be: a connection whose other end vanished without a word looks alive for as long as nothing
     * is sent on it. If it does not come, another subscription is begun.
     */
    private void listensStill(Claim claim) {
        Waiting waiting = byOwner.get(claim.owner());
        boolean waits = waiting != null && waiting.waker != null;
        if (!waits || !ear.listening || closed || System.nanoTime() - heard < QUIET || !subscribing.tryLock()) {
            return;
        }
        try {
            if (!echoUnderWay || heard - echoAsked >= 0) {
                echoAsked = System.nanoTime();
                echoUnderWay = true;
                List<String> keys = RedisKeys.of(claim.key()).all();
                calls.run("say something to itself", RedisScript.ECHO, keys, List.of(channel));
            } else if (System.nanoTime() - echoAsked > QUIET) {
                echoUnderWay = false;
                subscribeAnew();
            }
        } catch (LockBackendException e) {
            echoUnderWay = false; // the commands have a trouble of their own
            LOG.log(Level.DEBUG, "Whether messages arrive is not known", e);
        } finally {
            subscribing.unlock();
        }
    }

    private void subscribeAnew() {
        if (!saidThatNothingIsHeard) {
            saidThatNothingIsHeard = true;
            LOG.log(
                    Level.WARNING,
                    "Messages from Redis do not arrive (through {0}), so it is listened to anew. Until they do,"
                            + " waiting locks poll once a second. If this stays so, see that PUBLISH reaches"
                            + " subscribers through whatever stands before the server",
                    transport.client());
        }
        RedisTransport.Subscription deaf = subscription;
        if (deaf != null && deaf.findsOutByItself()) {
            return;
        }
        subscription = null;
        ear = new Ear();
        if (deaf != null) {
            deaf.close();
        }
        subscribe();
    }

    /**
     * Hears for one subscription. One that failed may begin late and is ended then, so what its ear says counts no
     * more.
     */
    private final class Ear implements RedisTransport.Listener {

        private volatile boolean listening;

        @Override
        public void listening() {
            heard = System.nanoTime();
            saidThatItPolls = false;
            listening = true;
            boolean again = listenedBefore;
            listenedBefore = true;
            // What was said while nobody listened is gone: all look for themselves. After an interruption they do so
            // one after the other, because all other JVMs look as well.
            for (Waiting waiting : byOwner.values()) {
                if (again && waiting.waker != null) {
                    waiting.waker.wakeWithin(crowd());
                } else {
                    hear(waiting.claim.owner(), "W");
                }
            }
        }

        @Override
        public void message(String message) {
            heard = System.nanoTime();
            int end = message.indexOf(' ', 2);
            if (message.length() > 2) {
                hear(end < 0 ? message.substring(2) : message.substring(2, end), message);
            }
        }
    }

    /** The time within which those who wait look for themselves, the longer the more there are. */
    private Duration crowd() {
        Duration each = CROWD_LEAST.plusMillis(byOwner.size());
        return each.compareTo(CROWD_MOST) < 0 ? each : CROWD_MOST;
    }

    private void hear(String owner, String message) {
        // A grant that came before the watch must not be forgotten over a mere hint.
        Waiting waiting = byOwner.computeIfPresent(
                owner,
                (o, w) -> w.waker != null || (w.missed != null && w.missed.startsWith("G"))
                        ? w
                        : new Waiting(w.claim, w.heard, w.asksWithin, null, message));
        // One that nobody waits for was given up, which gave it back, or granted by the answer to the last try.
        if (waiting != null && waiting.waker != null) {
            tell(waiting, message);
        }
    }

    private static void tell(Waiting waiting, String message) {
        Waker waker = waiting.waker;
        if (waker == null) {
            return;
        }
        String[] words = message.split(" ", -1);
        // A release by an early version of Lockweave does not say which try it answers: the claim asks, and is granted
        // again.
        if (words[0].equals("G") && words.length == 6) {
            Claim answered = waiting.claim.inTry(Integer.parseInt(words[5]));
            Grant grant = new Grant(answered, Long.parseLong(words[2]), Integer.parseInt(words[3]));
            waker.granted(grant, Duration.ofMillis(Long.parseLong(words[4])));
        } else {
            waker.wake();
        }
    }

    @Override
    public void close() {
        subscribing.lock();
        try {
            closed = true;
            ear = new Ear();
            if (subscription != null) {
                subscription.close();
                subscription = null;
            }
        } finally {
            subscribing.unlock();
        }
        byOwner.clear();
    }
}
