package io.lockweave.jdbc.session;

import io.lockweave.LockBackendException;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.jdbc.connection.SqlFailures;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.StoredLock;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks of a database session: free the moment the session ends. All locks of this backend are on one connection, and
 * calls take turns on it. The database lets a session take its own locks once more, so who holds what here is known
 * here.
 */
public final class SessionStore implements LockStore {

    private static final System.Logger LOG = System.getLogger("io.lockweave.jdbc");

    /** More would run ahead of a clock in microseconds. */
    private static final int MOST_FENCES = 1_000;

    /** Longer than any time-out of a backend. */
    private static final Duration LONG = Duration.ofDays(1);

    /** What is done with the session. */
    @FunctionalInterface
    private interface Work<T> {
        T with(LockSession session) throws SQLException;
    }

    private final SessionSource opening;
    private final Dialect dialect;
    private final boolean shared;
    private final Runnable afterClose;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final HeldLocks held = new HeldLocks();
    private final WaitingWriters writers = new WaitingWriters();
    private final Probe probe = new Probe(this::lookAfterSession);
    private final SessionThread thread = new SessionThread();
    private @Nullable LockSession session;
    private long lastUse;
    private @Nullable String failure;
    private long failedAt;
    private volatile LossListener listener = (owner, why) -> {};
    private boolean closed;

    SessionStore(SessionSource opening, Dialect dialect, boolean shared, Runnable afterClose) {
        this.opening = opening;
        this.dialect = dialect;
        this.shared = shared;
        this.afterClose = afterClose;
    }

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public String description() {
        return "sessions of " + opening.description();
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> can =
                EnumSet.of(Capability.FREED_ON_DISCONNECT, Capability.CROSS_PROCESS, Capability.DURABLE_FENCE);
        if (shared) {
            can.add(Capability.SHARED);
        }
        return can;
    }

    @Override
    public void onLost(LossListener listener) {
        this.listener = listener;
    }

    @Override
    public Attempt tryAcquire(Claim claim) {
        return attempt(claim, Long.MAX_VALUE);
    }

    @Override
    public Attempt tryAcquire(Claim claim, Duration left) {
        return attempt(claim, left.compareTo(LONG) > 0 ? Long.MAX_VALUE : left.toNanos());
    }

    private Attempt attempt(Claim claim, long nanos) {
        return call("Asking for lock " + claim.key(), nanos, session -> {
            Grant mine = held.grantOf(claim);
            if (mine != null) {
                return new Attempt.Granted(mine);
            }
            LockHolder other = held.holderAgainst(claim);
            if (other != null) {
                return refused(session, claim, other);
            }
            if (claim.mode() == LockMode.SHARED && writers.waitFor(claim.key())) {
                return new Attempt.Busy(null, null);
            }
            boolean past = claim.mode() == LockMode.EXCLUSIVE && (!claim.willWait() || writers.isImpatient(claim));
            long clock = session.take(claim.key(), claim.mode(), past);
            if (clock == 0) {
                return refused(session, claim, null);
            }
            writers.leave(session, claim);
            Grant grant = new Grant(claim, clock * 1_000, Math.min(claim.fences(), MOST_FENCES));
            held.add(grant);
            probe.begin();
            return new Attempt.Granted(grant);
        });
    }

    private Attempt refused(LockSession session, Claim claim, @Nullable LockHolder holder) throws SQLException {
        Duration lookAgain = null;
        if (claim.mode() == LockMode.EXCLUSIVE && claim.willWait()) {
            lookAgain = writers.stand(session, claim);
            probe.begin();
        } else {
            writers.leave(session, claim);
        }
        return new Attempt.Busy(lookAgain, holder);
    }

    /** One round trip tells of all of them: they live as long as the session does. */
    @Override
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        if (grants.isEmpty()) {
            return List.of();
        }
        return call("Looking after " + grants.size() + " locks", session -> {
            session.check();
            return grants.stream()
                    .map(grant -> held.has(grant.claim()) ? Renewal.HELD : Renewal.LOST)
                    .toList();
        });
    }

    @Override
    public boolean release(Grant grant) {
        return release(grant.claim());
    }

    @Override
    public void withdraw(Claim claim) {
        release(claim);
    }

    private boolean release(Claim claim) {
        turn.lock();
        try {
            if (!held.has(claim) && !writers.has(claim)) {
                return false;
            }
            return call("Releasing lock " + claim.key(), session -> {
                writers.leave(session, claim);
                if (!held.remove(claim)) {
                    return false;
                }
                if (claim.mode() == LockMode.EXCLUSIVE) {
                    writers.released(claim.key());
                }
                return session.release(claim.key(), claim.mode());
            });
        } finally {
            turn.unlock();
        }
    }

    @Override
    public Watch watch(Claim claim, Waker waker) {
        return Watch.NONE;
    }

    @Override
    public Optional<StoredLock> find(LockKey key) {
        return call("Looking for lock " + key, session -> {
            List<LockHolder> holders = new ArrayList<>(held.holders(key));
            holders.addAll(session.holders(key));
            return holders.isEmpty() ? Optional.empty() : Optional.of(new StoredLock(key.toString(), holders, -1));
        });
    }

    /** Those of this JVM: the database does not know the keys of the others. */
    @Override
    public List<StoredLock> list(int limit) {
        turn.lock();
        try {
            return held.list(limit);
        } finally {
            turn.unlock();
        }
    }

    /** A lock of another JVM is freed by ending its session, which loses all other locks of that JVM too. */
    @Override
    public boolean forceRelease(LockKey key) {
        String doing = "Forcing lock " + key + " free";
        List<SQLException> refused = new ArrayList<>();
        boolean forced = call(doing, session -> {
            List<Grant> here = held.removeAll(key);
            for (Grant grant : here) {
                session.release(key, grant.claim().mode());
            }
            List<LockHolder> others = session.holders(key);
            for (LockHolder other : others) {
                LOG.log(
                        Level.WARNING,
                        "Ending database session " + other.place().process() + " of "
                                + other.place().host() + " with all its locks, to force lock " + key + " free");
                session.end(other.place().process()).ifPresent(refused::add);
            }
            return !here.isEmpty() || !others.isEmpty();
        });
        if (!refused.isEmpty()) {
            throw SqlFailures.translate(dialect, doing, refused.get(0));
        }
        return forced;
    }

    /**
     * Does it in turn on the session, which is opened if there is none; if the session fails, its locks are lost.
     * Whoever waited for the turn meanwhile fails as well, because all those time-outs one after the other would take
     * for ever.
     */
    private <T> T call(String doing, Work<T> work) {
        return call(doing, Long.MAX_VALUE, work);
    }

    private <T> T call(String doing, long nanos, Work<T> work) {
        boolean interrupted = Thread.interrupted();
        long asked = System.nanoTime();
        turn.lock();
        try {
            LockSession current = session;
            if (current == null) {
                if (closed) {
                    throw LockBackendException.lasting(doing + " failed: this backend is closed", null);
                }
                String before = failure;
                if (before != null && failedAt - asked > 0) {
                    throw LockBackendException.passing(doing + " failed, as the call before it: " + before, null);
                }
                current = open(nanos);
            }
            T result = onSession(current, nanos, work);
            lastUse = System.nanoTime();
            return result;
        } catch (SQLException e) {
            lose("its database session ended: " + e.getMessage());
            throw SqlFailures.translate(dialect, doing, e);
        } catch (LockBackendException e) {
            if (session != null) {
                lose(String.valueOf(e.getMessage()));
            }
            throw e;
        } finally {
            turn.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A server may close a session that nobody used; one that kept nothing is opened anew, once. */
    private <T> T onSession(LockSession on, long nanos, Work<T> work) throws SQLException {
        try {
            return thread.run(() -> work.with(on));
        } catch (SQLException e) {
            boolean gone = SqlFailures.isConnectionGone(e) || dialect.isEndedByServer(e);
            if (!gone || !held.isEmpty() || writers.keepsAny() || !on.wasUsed()) {
                throw e;
            }
            on.cut();
            LockSession anew = open(nanos);
            return thread.run(() -> work.with(anew));
        } finally {
            on.used();
        }
    }

    private LockSession open(long nanos) throws SQLException {
        LockSession opened = thread.run(() -> opening.open(nanos));
        session = opened;
        return opened;
    }

    /** The database's id of the session in use, if there is one. */
    public OptionalLong sessionId() {
        turn.lock();
        try {
            LockSession current = session;
            return current == null ? OptionalLong.empty() : OptionalLong.of(current.id());
        } finally {
            turn.unlock();
        }
    }

    private void lose(String why) {
        LockSession dead = session;
        session = null;
        failure = why;
        failedAt = System.nanoTime();
        List<String> owners = held.clear();
        writers.clear();
        try {
            if (dead != null) {
                dead.cut();
            }
        } finally {
            owners.forEach(owner -> listener.lost(owner, why));
        }
    }

    /** For as long as it holds locks, a connection that is not in use is asked whether it lives. */
    private void lookAfterSession() {
        turn.lock();
        try {
            probe.looked();
            if (session == null || (held.isEmpty() && writers.isEmpty()) || closed) {
                return;
            }
            if (!writers.isEmpty()) {
                call("Looking after those who wait", session -> {
                    writers.leaveDead(session);
                    return true;
                });
            }
            if (System.nanoTime() - lastUse >= Probe.PERIOD.toNanos() / 2) {
                call("Looking after the session", session -> {
                    session.check();
                    return true;
                });
            }
            probe.begin();
        } catch (LockBackendException e) {
            LOG.log(Level.WARNING, "The database session that holds the locks failed: " + e.getMessage());
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            probe.close();
            thread.close();
            opening.close();
            LockSession last = session;
            session = null;
            if (last != null) {
                if (held.isEmpty() && writers.isEmpty()) {
                    last.giveBack();
                } else {
                    last.cut();
                    held.clear();
                    writers.clear();
                }
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "While giving the session's connection back", e);
        } finally {
            turn.unlock();
            afterClose.run();
        }
    }
}
