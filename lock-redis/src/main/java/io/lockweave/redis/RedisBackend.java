package io.lockweave.redis;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.StoredLock;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Locks in Redis 6 or later, or Valkey: alone, under Sentinel, or a Cluster. Users of different clients exclude each
 * other.
 *
 * <p>A lock is one key with a lease in the server's time; acquire and release are one script call each. A release
 * grants the lock to the next waiter in the same script and notifies it by one message, so waiters poll for safety
 * only. Fences come from counters on the scale of the server's clock and grow also when Redis loses its data.
 *
 * <p>Without {@code replicaAcks}, a fail-over to a replica that did not have a lock yet loses that lock: its holder
 * notices at the next renewal, and until then only the fence distinguishes the two holders.
 */
public final class RedisBackend implements LockStore {

    /** A claim asks again within this time where few wait, and where it is not sure that messages arrive. */
    private static final String ASKS_LEAST = "" + POLL_WITH_PUSH.toMillis();

    /** The longest time without asking, where many wait. */
    private static final String ASKS_MOST = "" + POLL_WITH_PUSH.multipliedBy(5).toMillis();

    /** The lease of a claim that a release lets in, until it renews. */
    private static final Duration FIRST_LEASE = POLL_WITH_PUSH.multipliedBy(3);

    /** What one script may give out, see lock.lua. */
    static final int MOST_FENCES = 999;

    /** Grants in one renewal script; a script of this size keeps the server busy for about a millisecond. */
    private static final int BATCH = 500;

    private static final Duration LONGEST = Duration.ofDays(100 * 365);

    private static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.of(
            Capability.SHARED,
            Capability.PERMITS,
            Capability.FAIR,
            Capability.LEASE,
            Capability.CROSS_PROCESS,
            Capability.PUSH,
            Capability.DURABLE_FENCE));

    private static final Set<Capability> TOGETHER = with(CAPABILITIES, Capability.TOGETHER);

    private final RedisTransport transport;
    private final int replicaAcks;
    private final Duration replicaTimeout;
    private final Waits waits;
    private final RedisCalls calls;
    private final TimedCalls timed;
    private final MovingSlots moving;
    private final FreeLocks free;
    private final JointLocks joint;
    private final ServerInfo server;
    /** Whether PUBLISH counts every listener; in a Cluster it counts those of one node. */
    private final String counted;
    /** In a Cluster a message may be lost between two nodes, whatever else arrives. */
    private final String asks;

    RedisBackend(RedisTransport transport, int replicaAcks, Duration replicaTimeout) {
        this.transport = transport;
        this.replicaAcks = replicaAcks;
        this.replicaTimeout = replicaTimeout;
        this.calls = new RedisCalls(transport);
        this.waits = new Waits(transport, calls);
        this.server = new ServerInfo(calls);
        this.timed = new TimedCalls(transport, keys -> {
            server.askOnce(keys);
            return calls.run("ask for the time", RedisScript.CLOCK, keys.all(), List.of());
        });
        this.moving = new MovingSlots(transport, calls);
        this.free = new FreeLocks(calls);
        this.joint = new JointLocks(calls, timed, free, !transport.cluster() && replicaAcks == 0);
        this.counted = transport.cluster() ? "0" : "1";
        this.asks = ASKS_LEAST + " " + (transport.cluster() ? ASKS_LEAST : ASKS_MOST);
    }

    /** A backend over this client, with the default settings. Closing the backend closes the transport. */
    public static RedisBackend over(RedisTransport transport) {
        return builder(transport).build();
    }

    /** Builds a backend over this client. */
    public static RedisBackendBuilder builder(RedisTransport transport) {
        return new RedisBackendBuilder(Objects.requireNonNull(transport, "transport"));
    }

    private static Set<Capability> with(Set<Capability> capabilities, Capability more) {
        Set<Capability> all = EnumSet.copyOf(capabilities);
        all.add(more);
        return Set.copyOf(all);
    }

    @Override
    public String name() {
        return "redis";
    }

    /** The server that answered first, as far as it was asked yet. */
    @Override
    public String description() {
        return server.description() + (transport.cluster() ? " Cluster" : "") + " through " + transport.client();
    }

    @Override
    public Set<Capability> capabilities() {
        return joint.isPossible() ? TOGETHER : CAPABILITIES;
    }

    @Override
    public Attempt tryAcquire(Claim claim) {
        List<String> answer = acquire(claim, waits.send(claim));
        // A call that failed settles nothing: the claim may be queued.
        if (!claim.willWait() || !Answers.isBusy(answer)) {
            waits.settled(claim);
        }
        if (claim.willWait() && Answers.isBusy(answer)) {
            waits.isBusy(claim, Answers.asksWithin(answer));
        }
        return Answers.attempt(claim, answer);
    }

    private List<String> acquire(Claim claim, Waits.Sending sending) {
        Duration first = claim.lease().compareTo(FIRST_LEASE) < 0 ? claim.lease() : FIRST_LEASE;
        RedisKeys keys = RedisKeys.of(claim.key());
        String lease = millis(claim.lease());
        String fences = "" + Math.min(claim.fences(), MOST_FENCES);
        String text =
                Ascii.text(claim.place().text()) + "\n" + Ascii.text(claim.key().toString());
        String action = "take lock " + claim.key();
        return timed.call(action, keys, notAfter -> {
            Supplier<List<String>> whole = () -> {
                List<String> all = List.of(
                        claim.owner(),
                        letter(claim.mode())
                                + flag(claim.fair())
                                + flag(sending.first())
                                + flag(claim.willWait())
                                + counted
                                + claim.permits(),
                        lease,
                        fences,
                        text,
                        // A lock that must reach replicas is not granted by a release, whose client does not wait for
                        // them.
                        asks + (replicaAcks == 0 ? " G " : " W ") + sending.channel() + " " + millis(first) + " #"
                                + claim.tryNumber(),
                        notAfter);
                return replicaAcks == 0
                        ? calls.run(action, RedisScript.ACQUIRE, keys.all(), all)
                        : confirmed(action, claim, keys.all(), all);
            };
            return replicaAcks == 0 && free.isFor(claim, sending.first(), keys)
                    ? free.take(action, keys, claim, lease, fences, text, notAfter, whole)
                    : whole.get();
        });
    }

    @Override
    public JointAttempt tryAcquireAll(List<Claim> claims) {
        return joint.tryAcquireAll(claims);
    }

    private List<String> confirmed(String action, Claim claim, List<String> keys, List<String> arguments) {
        RedisTransport.Confirmed confirmed = calls.call(
                action,
                () -> transport.runConfirmed(RedisScript.ACQUIRE, keys, arguments, replicaAcks, replicaTimeout));
        if (confirmed.answer().get(0).equals("G") && confirmed.replicas() < replicaAcks) {
            String undone =
                    undo(claim) ? "so it was given back" : "and could not be given back: it ends with its lease";
            throw LockBackendException.passing(
                    "Lock " + claim.key() + " reached " + confirmed.replicas() + " replicas within "
                            + replicaTimeout.toMillis() + " ms and must reach " + replicaAcks + ", " + undone
                            + ". If that many replicas do run, they lag",
                    null);
        }
        return confirmed.answer();
    }

    private boolean undo(Claim claim) {
        try {
            end("give back lock " + claim.key(), RedisKeys.of(claim.key()), claim, true); // and whoever watches goes on
            return true;
        } catch (LockBackendException e) {
            return false; // why it was not granted matters more
        }
    }

    @Override
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        Renewal[] renewals = new Renewal[grants.size()];
        List<RedisKeys> keys =
                grants.stream().map(grant -> RedisKeys.of(grant.key())).toList();
        for (List<Integer> batch : batches(keys)) {
            List<Grant> some = batch.stream().map(grants::get).toList();
            List<RedisKeys> locks = batch.stream().map(keys::get).toList();
            List<String> answer = renew("renew " + batch.size() + " locks", some, locks, millis(lease));
            for (int i = 0; i < batch.size(); i++) {
                renewals[batch.get(i)] = answer.get(i).equals("1") ? Renewal.HELD : Renewal.LOST;
            }
        }
        return Arrays.asList(renewals);
    }

    private List<String> renew(String action, List<Grant> grants, List<RedisKeys> keys, String lease) {
        List<String> names = new ArrayList<>(keys.stream().map(RedisKeys::lock).toList());
        List<String> arguments = new ArrayList<>(grants.size() + 1);
        arguments.add(lease);
        grants.forEach(grant -> arguments.add(grant.owner()));
        IntStream.range(0, keys.size())
                .filter(i -> grants.get(i).claim().mode() != LockMode.EXCLUSIVE)
                .mapToObj(i -> keys.get(i).details())
                .distinct()
                .forEach(details -> {
                    names.add(details);
                    arguments.add(MovingSlots.DETAILS);
                });
        return moving.orApart(
                () -> calls.run(action, RedisScript.RENEW, names, arguments),
                () -> moving.renew(action, grants, lease));
    }

    /** Indexes of keys that may go into one script together: any, or in a Cluster those of one tag. */
    private List<List<Integer>> batches(List<RedisKeys> keys) {
        IntFunction<String> group = transport.cluster() ? i -> keys.get(i).tag() : i -> "";
        Map<String, List<Integer>> open = new HashMap<>();
        List<List<Integer>> batches = new ArrayList<>();
        IntStream.range(0, keys.size()).forEach(i -> {
            List<Integer> batch = open.computeIfAbsent(group.apply(i), g -> new ArrayList<>());
            batch.add(i);
            if (batch.size() == 1) {
                batches.add(batch);
            } else if (batch.size() == BATCH) {
                open.remove(group.apply(i));
            }
        });
        return batches;
    }

    @Override
    public boolean release(Grant grant) {
        long before = calls.repeats();
        String action = "release lock " + grant.key();
        RedisKeys keys = RedisKeys.of(grant.key());
        boolean held = free.release(action, keys, grant.claim(), () -> end(action, keys, grant.claim(), false));
        // Sent once more because its answer was lost, it finds nothing to release any more.
        return held || calls.repeats() != before;
    }

    @Override
    public List<Boolean> releaseAll(List<Grant> grants) {
        return joint.canRelease(grants) ? joint.releaseAll(grants, this::release) : LockStore.super.releaseAll(grants);
    }

    @Override
    public void withdraw(Claim claim) {
        waits.forget(claim);
        end("withdraw from lock " + claim.key(), RedisKeys.of(claim.key()), claim, true);
    }

    /** What release.lua answers. */
    private List<String> end(String action, RedisKeys keys, Claim claim, boolean withdrawn) {
        String owner = claim.owner();
        String flags = counted + flag(withdrawn);
        List<String> arguments =
                withdrawn ? List.of(owner, flags, Ascii.text(claim.key().toString())) : List.of(owner, flags);
        return moving.orApart(
                () -> calls.run(action, RedisScript.RELEASE, keys.all(), arguments),
                () -> moving.end(action, keys, owner, withdrawn));
    }

    @Override
    public Duration settlingTime() {
        return transport.timeout();
    }

    @Override
    public Watch watch(Claim claim, Waker waker) {
        return calls.call("listen for lock " + claim.key(), () -> waits.watch(claim, waker));
    }

    /**
     * Takes and gives back a lock of its own, so that a server that cannot be used is found at start.
     *
     * @throws io.lockweave.LockBackendException if it cannot be used
     */
    public void check() {
        LockKey probe =
                LockKey.of("io.lockweave.redis.check", UUID.randomUUID()).in("lockweave");
        Claim claim = new Claim(
                probe,
                LockMode.EXCLUSIVE,
                1,
                false,
                UUID.randomUUID().toString().replace("-", ""),
                Duration.ofSeconds(1),
                1,
                false,
                new LockPlace("check", -1, "check"));
        tryAcquire(claim);
        withdraw(claim);
    }

    @Override
    public Optional<StoredLock> find(LockKey key) {
        return find(List.of(RedisKeys.of(key)), "find lock " + key).stream().findFirst();
    }

    @Override
    public List<StoredLock> list(int limit) {
        List<RedisKeys> found = calls.call("list locks", () -> transport.scan(RedisKeys.PATTERN, limit)).stream()
                .map(RedisKeys::ofLock)
                .toList();
        List<StoredLock> locks = new ArrayList<>();
        for (List<Integer> batch : batches(found)) {
            locks.addAll(find(batch.stream().map(found::get).toList(), "list locks"));
        }
        return locks;
    }

    private List<StoredLock> find(List<RedisKeys> locks, String action) {
        List<String> keys = new ArrayList<>(locks.size() * 3);
        for (RedisKeys lock : locks) {
            keys.add(lock.lock());
            keys.add(lock.queue());
            keys.add(lock.details());
        }
        return Answers.locks(calls.run(action, RedisScript.FIND, keys, List.of()));
    }

    @Override
    public boolean forceRelease(LockKey key) {
        RedisKeys keys = RedisKeys.of(key);
        String action = "free lock " + key;
        // Late, it would free the lock of somebody whom the operator never saw.
        return timed.call(
                        action,
                        keys,
                        notAfter -> calls.run(
                                action,
                                RedisScript.FORCE,
                                keys.all(),
                                List.of(Ascii.text(key.toString()), counted, notAfter)))
                .get(0)
                .equals("1");
    }

    @Override
    public void close() {
        waits.close();
        transport.close();
    }

    private static String letter(LockMode mode) {
        return switch (mode) {
            case EXCLUSIVE -> "X";
            case SHARED -> "S";
            case PERMIT -> "P";
        };
    }

    static String flag(boolean value) {
        return value ? "1" : "0";
    }

    /** Rounded up, so that a lease is never shorter than asked; what is longer than anybody waits is cut. */
    static String millis(Duration duration) {
        Duration bounded = duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
        return "" + Math.max(1, bounded.plusNanos(999_999).toMillis());
    }
}
