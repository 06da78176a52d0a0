package io.lockweave.jdbc.lease;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.jdbc.connection.Connections;
import io.lockweave.jdbc.connection.OpenConnection;
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
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Locks as rows of a table, each with a lease by the database's clock. */
public final class LeaseStore implements LockStore {

    /** How often to look again when a row changes hands between two statements. */
    private static final int LOOKS = 5;

    /**
     * How long a row that came free is kept for the first of those who wait for it, in microseconds: about as long as
     * it takes to be told and to come. Any longer would leave the lock unused where that JVM is slow.
     */
    private static final long KEPT_FOR_THE_FIRST = 300;

    /** So much less than nothing that it makes no difference when the row came free. */
    private static final long KEPT_FOR_NOBODY = -1_000_000_000_000L;

    /** Rows read for each lock asked for, so that shared locks show all their holders in any usual case. */
    private static final int ROWS_PER_LOCK = 20;

    private final Connections connections;
    private final LeaseSql sql;
    private final ExclusiveRow exclusive;
    private final GroupRows group;
    private final JointRows joint;
    private final JointReleases releases;
    private final Renewals renewals;
    private final CleanUp cleanUp;
    private final @Nullable Notifications notifications;
    private final String description;
    private final Runnable afterClose;

    /** The owners of claims whose last take failed, until they are withdrawn. */
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

    LeaseStore(
            Connections connections,
            LeaseSql sql,
            Duration timeout,
            Duration keepFree,
            @Nullable Notifications notifications,
            String description,
            Runnable afterClose) {
        this.connections = connections;
        this.sql = sql;
        this.exclusive = new ExclusiveRow(sql, new DatabaseClock(timeout));
        this.group = new GroupRows(sql);
        this.joint = new JointRows(sql, exclusive);
        this.releases = new JointReleases(sql);
        this.renewals = new Renewals(sql);
        this.cleanUp = new CleanUp(connections, sql, exclusive, group, keepFree);
        this.notifications = notifications;
        this.description = description;
        this.afterClose = afterClose;
    }

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> can = EnumSet.of(
                Capability.SHARED,
                Capability.PERMITS,
                Capability.LEASE,
                Capability.CROSS_PROCESS,
                Capability.DURABLE_FENCE);
        if (notifications != null) {
            can.add(Capability.PUSH);
        }
        if (joint.isPossible()) {
            can.add(Capability.TOGETHER);
        }
        return can;
    }

    @Override
    public Attempt tryAcquire(Claim claim) {
        return tryAcquire(claim, Duration.ZERO);
    }

    @Override
    public Attempt tryAcquire(Claim claim, Duration left) {
        return answered(List.of(claim), () -> ask(claim, left));
    }

    /** Remembers those whose take fails: its commit may be on its way. */
    private <T> T answered(List<Claim> claims, Supplier<T> take) {
        cleanUp.startOnce();
        try {
            T answer = take.get();
            claims.forEach(claim -> unanswered.remove(claim.owner()));
            return answer;
        } catch (LockBackendException e) {
            claims.forEach(claim -> unanswered.add(claim.owner()));
            throw e;
        }
    }

    private Attempt ask(Claim claim, Duration left) {
        return connections.callWithin(left, "Asking for lock " + claim.key(), connection -> {
            if (claim.mode() != LockMode.EXCLUSIVE) {
                return group.acquire(connection, claim);
            }
            boolean waits = notifications != null && notifications.expect(claim);
            Attempt attempt = exclusive(connection, claim, waits);
            if (notifications != null && (attempt instanceof Attempt.Granted || !claim.willWait())) {
                notifications.forget(claim);
            }
            return attempt;
        });
    }

    private Attempt exclusive(OpenConnection connection, Claim claim, boolean waits) throws SQLException {
        for (int i = 0; i < LOOKS; i++) {
            String takeOrQueue = sql.takeOrQueue;
            KeyRow row = waits && takeOrQueue != null
                    ? exclusive.takeOrQueue(connection, claim, keep(), takeOrQueue)
                    : exclusive.take(connection, claim, keep());
            if (row == null) {
                continue;
            }
            Grant grant = ExclusiveRow.granted(claim, row);
            if (grant != null) {
                return new Attempt.Granted(grant);
            }
            if (row.isGroup()) {
                return group.acquire(connection, claim);
            }
            if (!row.isForAll()) {
                return row.busy();
            }
        }
        return new Attempt.Busy(Duration.ofMillis(1), null);
    }

    /** Who does not hear when its turn comes cannot stand in a queue, and passes those who do. */
    private long keep() {
        return notifications != null && notifications.isListening() ? KEPT_FOR_THE_FIRST : KEPT_FOR_NOBODY;
    }

    @Override
    public JointAttempt tryAcquireAll(List<Claim> claims) {
        String doing = "Asking for " + claims.size() + " locks, of which "
                + claims.get(0).key() + " is the first";
        return answered(
                claims, () -> connections.callSoon(doing, connection -> joint.take(connection, claims, keep())));
    }

    @Override
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        return grants.isEmpty()
                ? List.of()
                : connections.call("Renewing " + grants.size() + " locks", c -> renewals.renew(c, grants, lease));
    }

    /**
     * A release whose reply is lost is done again, and so is told from a lock that was lost wherever the row tells it.
     */
    @Override
    public boolean release(Grant grant) {
        Claim claim = grant.claim();
        return connections.call(
                "Releasing lock " + claim.key(),
                connection -> release(connection, claim),
                connection -> release(connection, claim) ? Optional.of(true) : wasReleased(connection, claim));
    }

    /** In one statement for exclusive holders; a failure in the middle leaves it open which of them were released. */
    @Override
    public List<Boolean> releaseAll(List<Grant> grants) {
        if (grants.stream().anyMatch(grant -> grant.claim().mode() != LockMode.EXCLUSIVE)) {
            return LockStore.super.releaseAll(grants);
        }
        return connections.call(
                "Releasing " + grants.size() + " locks, of which "
                        + grants.get(0).key() + " is the first",
                connection -> releases.release(connection, grants),
                connection -> releases.repeat(connection, grants));
    }

    @Override
    public void withdraw(Claim claim) {
        String key = claim.key().fingerprint();
        if (notifications != null) {
            notifications.forget(claim);
        }
        connections.call(
                "Withdrawing the claim on lock " + claim.key(),
                connection -> unanswered.contains(claim.owner())
                        ? group.afterOthers(connection, key, () -> leave(connection, claim))
                        : leave(connection, claim));
        unanswered.remove(claim.owner());
    }

    private boolean leave(OpenConnection connection, Claim claim) throws SQLException {
        String key = claim.key().fingerprint();
        String owner = claim.owner();
        String withdraw = sql.withdraw;
        if (claim.mode() != LockMode.EXCLUSIVE) {
            return release(connection, claim);
        }
        if (withdraw == null) {
            connection.update(sql.unmarkWriter, key); // others that wait as well say so again soon
            return release(connection, claim);
        }
        Channels to = sql.channels();
        String entry = to.entry(claim);
        Object[] values = {owner, owner, entry, key, owner, entry, to.prefix(), to.common()};
        return connection.first(withdraw, row -> true, values) != null;
    }

    private boolean release(OpenConnection connection, Claim claim) throws SQLException {
        String key = claim.key().fingerprint();
        boolean alone = claim.mode() == LockMode.EXCLUSIVE;
        if (sql.mark == null) {
            String release = alone ? sql.release : sql.releaseHolder;
            return connection.update(release, key, claim.owner()) > 0;
        }
        Channels to = sql.channels();
        Object[] values = alone
                ? new Object[] {key, claim.owner(), to.prefix(), to.common()}
                : new Object[] {key, key, claim.owner(), to.common(), key};
        return connection.first(alone ? sql.release : sql.releaseHolder, row -> true, values) != null;
    }

    /**
     * Whether the row says that its last owner released it; nothing if there have been others since, or it was shared.
     */
    private Optional<Boolean> wasReleased(OpenConnection connection, Claim claim) throws SQLException {
        return Optional.ofNullable(connection.first(
                sql.readEnd,
                row -> row.getLong(1) == LeaseSql.RELEASED,
                claim.key().fingerprint(),
                claim.owner()));
    }

    @Override
    public Watch watch(Claim claim, Waker waker) {
        return notifications == null ? Watch.NONE : notifications.watch(claim, waker);
    }

    @Override
    public Optional<StoredLock> find(LockKey key) {
        return connections.call(
                "Looking for lock " + key,
                c -> HolderRow.locks(c.list(0, sql.find, HolderRow::read, key.fingerprint())).stream()
                        .findFirst());
    }

    @Override
    public List<StoredLock> list(int limit) {
        int rows = (int) Math.min(Integer.MAX_VALUE, (long) limit * ROWS_PER_LOCK);
        String ownTurn = CleanUp.TURN.fingerprint();
        return connections.call("Listing locks", c -> {
            List<HolderRow> held = new ArrayList<>(c.list(rows, sql.list(rows), HolderRow::read));
            held.removeIf(row -> row.key().equals(ownTurn)); // nobody's lock, and always there
            return HolderRow.locks(held).stream().limit(limit).toList();
        });
    }

    @Override
    public boolean forceRelease(LockKey key) {
        return connections.call(
                "Forcing lock " + key + " free",
                connection -> forceRelease(connection, key),
                connection -> forceRelease(connection, key) ? Optional.of(true) : Optional.empty());
    }

    private boolean forceRelease(OpenConnection connection, LockKey key) throws SQLException {
        boolean held = group.free(connection, key.fingerprint());
        String notifyWaiters = sql.notifyWaiters;
        if (held && notifyWaiters != null) {
            connection.first(notifyWaiters, row -> true, sql.channels().common(), key.fingerprint());
        }
        return held;
    }

    /** Removes what nobody holds any more; for tests, which do not wait for the next time it is due. */
    public void cleanUpNow() {
        cleanUp.run();
    }

    @Override
    public void close() {
        cleanUp.close();
        if (notifications != null) {
            notifications.close();
        }
        connections.close();
        afterClose.run();
    }
}
