package io.lockweave.redis;

import static io.lockweave.redis.Claims.claim;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.LockMode;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The claims that wait, over a client whose subscription is in the test's hand. */
@Timeout(20)
class WaitsTest {

    private static final Waker NOBODY = new Waker() {
        @Override
        public void wake() {}

        @Override
        public void granted(Grant grant, Duration lease) {}
    };

    private final CountDownLatch subscribing = new CountDownLatch(1);
    private volatile RedisTransport.Listener listener;
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final RedisTransport client = new SlowToSubscribe();
    private final Waits waits = new Waits(client, new RedisCalls(client));

    private static Claim waiting() {
        return claim(key(), LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 1, true);
    }

    @Test
    void whileOneWaiterSubscribesTheOthersDoNotWaitForThat() throws Exception {
        CompletableFuture<Watch> first = CompletableFuture.supplyAsync(() -> waits.watch(waiting(), NOBODY));
        subscribing.await();

        Watch second = CompletableFuture.supplyAsync(() -> waits.watch(waiting(), NOBODY))
                .get(5, TimeUnit.SECONDS);

        assertThat(second.missedNothing()).isFalse();
        assertThat(first).isNotDone();
        subscribed.countDown();
        first.join();
    }

    @Test
    void afterAnInterruptionThoseWhoWaitDoNotAllAskAtOnce() {
        subscribed.countDown();
        Queue<Duration> within = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 100; i++) {
            waits.watch(waiting(), new Waker() {
                @Override
                public void wake() {
                    within.add(Duration.ZERO);
                }

                @Override
                public void wakeWithin(Duration time) {
                    within.add(time);
                }

                @Override
                public void granted(Grant grant, Duration lease) {}
            });
        }
        within.clear();

        listener.listening();

        assertThat(within).hasSize(100).containsOnly(Duration.ofMillis(150));
    }

    @Test
    void whileMessagesArriveAWaiterMayBeQuietForAsLongAsItWasToldElseForASecond() {
        subscribed.countDown();
        Claim claim = waiting();
        waits.send(claim);
        waits.isBusy(claim, Duration.ofSeconds(5));

        Watch watch = waits.watch(claim, NOBODY);

        assertThat(watch.quiet()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
        await().until(() -> watch.quiet().equals(LockStore.POLL_WITH_PUSH)); // what it says to itself does not arrive
        listener.message("E");
        assertThat(watch.quiet()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void thoseWhoWereWokenTogetherDoNotAskTogetherAgain() {
        subscribed.countDown();
        Set<Duration> quiet = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            Claim claim = waiting();
            waits.send(claim);
            waits.isBusy(claim, Duration.ofSeconds(5));
            quiet.add(waits.watch(claim, NOBODY).quiet());
        }
        assertThat(quiet).hasSizeGreaterThan(5);
    }

    private final class SlowToSubscribe implements RedisTransport {

        @Override
        public Subscription subscribe(String channel, Listener listener) {
            subscribing.countDown();
            WaitsTest.this.listener = listener;
            try {
                subscribed.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            listener.listening();
            return new Subscription() {
                @Override
                public boolean findsOutByItself() {
                    return true;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public String client() {
            return "a slow one";
        }

        @Override
        public boolean cluster() {
            return false;
        }

        @Override
        public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
            return List.of("1", "1");
        }

        @Override
        public Confirmed runConfirmed(
                RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> scan(String pattern, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
