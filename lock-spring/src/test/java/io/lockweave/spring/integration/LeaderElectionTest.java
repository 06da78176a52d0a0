package io.lockweave.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.testservers.database.PostgresServer;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.integration.leader.AbstractCandidate;
import org.springframework.integration.leader.Context;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import redis.clients.jedis.JedisPooled;

/** Spring Integration's own leader election over our registry, while locks are lost on real servers. */
@Timeout(180)
class LeaderElectionTest {

    private static final LockKey BOSS = LockKey.of("leader", "boss");
    private static final Duration LEASE = Duration.ofSeconds(2);

    /** One process of the application: locks of its own, and a candidate that counts what it is told. */
    private static final class Process extends AbstractCandidate implements AutoCloseable {

        private final Locks locks;
        private final LockRegistryLeaderInitiator initiator;
        private final AtomicInteger granted = new AtomicInteger();
        private final AtomicInteger revoked = new AtomicInteger();

        Process(String id, LockBackend backend) {
            super(id, BOSS.value());
            locks = Locks.builder(backend).leaseTime(LEASE).build();
            initiator = new LockRegistryLeaderInitiator(new LockweaveLockRegistry(locks, BOSS.name()), this);
            initiator.setHeartBeatMillis(50);
            initiator.setBusyWaitMillis(50);
            initiator.start();
        }

        @Override
        public void onGranted(Context context) {
            granted.incrementAndGet();
        }

        @Override
        public void onRevoked(Context context) {
            revoked.incrementAndGet();
        }

        boolean leads() {
            return initiator.getContext().isLeader();
        }

        @Override
        public void close() {
            initiator.stop();
            locks.close();
        }
    }

    /** While a server is away nobody knows who holds the lock. */
    private static ConditionFactory patiently() {
        return await().atMost(LEASE.multipliedBy(20)).ignoreExceptions();
    }

    /** The store agrees that it leads. */
    private static void untilItLeads(Process leader) {
        patiently().until(() -> leader.leads() && leader.locks.isLocked(BOSS));
    }

    /** It leads no more, and when it leads again it has the lock, so that a second process waits for it. */
    private static void requireRevoked(Process leader, int revokedBefore, Supplier<LockBackend> backend) {
        patiently().until(() -> leader.revoked.get() > revokedBefore);
        untilItLeads(leader);
        try (Process second = new Process("2", backend.get())) {
            patiently()
                    .until(() -> second.leads()
                            || !second.locks.inspect(BOSS).waiters().isEmpty());
            assertThat(second.leads()).as("a second leader").isFalse();
            assertThat(leader.leads()).isTrue();
        }
        assertThat(leader.granted.get() - leader.revoked.get()).isEqualTo(1);
    }

    private static void loseByForce(Process leader, Supplier<LockBackend> backend) {
        untilItLeads(leader);
        int before = leader.revoked.get();
        try (Locks operator = Locks.builder(backend.get()).build()) {
            assertThat(operator.forceRelease(BOSS)).isTrue();
        }
        requireRevoked(leader, before, backend);
    }

    /** The server stays away until the leader has heard of it, which is at the end of its lease. */
    private static void loseByExpiry(Process leader, Supplier<LockBackend> backend, Runnable away, Runnable back) {
        untilItLeads(leader);
        int before = leader.revoked.get();
        away.run();
        patiently().until(() -> leader.revoked.get() > before);
        back.run();
        requireRevoked(leader, before, backend);
    }

    private static void loseByRestart(Process leader, Supplier<LockBackend> backend, Runnable restart) {
        untilItLeads(leader);
        int before = leader.revoked.get();
        restart.run();
        requireRevoked(leader, before, backend);
    }

    @Test
    void on_redis_a_leader_whose_lock_was_lost_by_force_expiry_or_restart_is_revoked() {
        try (RedisServer server = RedisServer.launch();
                Process leader = new Process("1", redis(server))) {
            loseByForce(leader, () -> redis(server));
            loseByExpiry(leader, () -> redis(server), server::freeze, server::resume);
            loseByRestart(leader, () -> redis(server), () -> {
                server.kill();
                server.start();
            });
        }
    }

    @SuppressWarnings("deprecation") // what replaces it is not in the Jedis of Boot 3.5
    private static LockBackend redis(RedisServer server) {
        return RedisBackend.over(JedisTransport.owning(new JedisPooled("127.0.0.1", server.port())));
    }

    private static DataSource source(PostgresServer server) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.url());
        source.setSocketTimeout(2);
        return source;
    }

    private static LockBackend lease(PostgresServer server) {
        return JdbcBackend.lease(source(server)).initializeSchema(true).build();
    }

    private static LockBackend session(PostgresServer server) {
        return JdbcBackend.session(source(server)).build();
    }

    @Test
    void on_postgresql_a_leader_whose_lease_was_lost_by_force_or_expiry_is_revoked() {
        try (PostgresServer server = PostgresServer.launch(Map.of());
                Process leader = new Process("1", lease(server))) {
            loseByForce(leader, () -> lease(server));
            loseByExpiry(leader, () -> lease(server), server::kill, server::start);
        }
    }

    @Test
    void on_postgresql_a_leader_whose_session_ended_with_the_server_is_revoked() {
        try (PostgresServer server = PostgresServer.launch(Map.of());
                Process leader = new Process("1", session(server))) {
            loseByRestart(leader, () -> session(server), () -> {
                server.kill();
                server.start();
            });
        }
    }
}
