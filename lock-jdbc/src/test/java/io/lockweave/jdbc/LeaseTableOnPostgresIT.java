package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeaseTableOnPostgresIT extends LeaseTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }

    @Override
    int statementsOfAClaim() {
        return 1;
    }

    @Override
    List<String> timeZones() {
        return List.of("set time zone 'Asia/Tokyo'", "set time zone 'America/New_York'");
    }

    @Test
    void whoIsWatchingAsksAgainInOneStatementWhetherBusyOrFree() {
        WatchedDataSource watch = new WatchedDataSource();
        try (LockStore other = store();
                LockStore store = JdbcBackend.lease(watch.watching(database().pool()))
                        .table(TABLE)
                        .build()) {
            LockKey key = Claims.newKey();
            Grant held = Claims.granted(other, Claims.of(key));
            Claim waiting = Claims.waiting(key);
            assertThat(store.tryAcquire(waiting)).isInstanceOf(Attempt.Busy.class);
            CountDownLatch woken = new CountDownLatch(1);
            try (Watch ignored = store.watch(waiting, waker(woken))) {
                assertThat(awaited(woken))
                        .as("told to look again once it listens")
                        .isTrue();
                watch.statements.set(0);
                Attempt.Busy busy = (Attempt.Busy) store.tryAcquire(waiting);
                assertThat(busy.holder()).isNotNull();
                assertThat(watch.statements.getAndSet(0)).isEqualTo(1);

                other.release(held);
                Grant grant = Claims.granted(store, waiting);
                assertThat(watch.statements.getAndSet(0)).isEqualTo(1);
                assertThat(grant.fence()).isGreaterThan(held.fence());
                assertThat(Claims.granted(store, waiting)).isEqualTo(grant);
                assertThat(Claims.isBusy(other, key)).isTrue();
                assertThat(store.release(grant)).isTrue();

                Grant reader = Claims.granted(other, Claims.of(key, LockMode.SHARED, Duration.ofMinutes(1)));
                assertThat(store.tryAcquire(waiting)).isInstanceOf(Attempt.Busy.class);
                assertThat(other.release(reader)).isTrue();
                assertThat(store.release(Claims.granted(store, waiting))).isTrue();
            }
        }
    }

    @Test
    void connectionsThatComeReadOnlyAreGivenBackReadOnly() {
        for (boolean autoCommit : new boolean[] {true, false}) {
            WatchedDataSource watch = new WatchedDataSource();
            try (LockStore ignored = store();
                    HikariDataSource pool = database().newPool(2, config -> {
                        config.setReadOnly(true);
                        config.setAutoCommit(autoCommit);
                    });
                    LockStore store = JdbcBackend.lease(watch.watching(pool))
                            .table(TABLE)
                            .listen(false)
                            .build()) {
                for (LockMode mode : new LockMode[] {LockMode.EXCLUSIVE, LockMode.SHARED}) {
                    Grant grant = Claims.granted(store, Claims.of(Claims.newKey(), mode, Duration.ofMinutes(1)));
                    assertThat(store.release(grant)).isTrue();
                }
                assertThat(watch.changed).isEmpty();
            }
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Waker waker(CountDownLatch woken) {
        return new Waker() {
            @Override
            public void wake() {
                woken.countDown();
            }

            @Override
            public void granted(Grant grant, Duration lease) {}
        };
    }
}
