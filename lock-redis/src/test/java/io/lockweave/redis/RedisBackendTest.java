package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.claim;
import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Waker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The backend over a client whose answers and messages are in the test's hand. */
@Timeout(20)
class RedisBackendTest {

    private static final List<String> GRANTED = List.of("G", "7", "1", "1700000000000");
    private static final List<String> BUSY = List.of("B", "1000", "X", "", "", "1700000000000");

    private final Deque<Supplier<List<String>>> answers = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();
    private final List<RedisTransport.Listener> listeners = new ArrayList<>();
    private boolean refuseOnce;
    private @Nullable String refusal;
    private final RedisTransport client = new ToldWhatToAnswer();
    private final RedisBackend backend = RedisBackend.over(client);
    private final LockKey key = key();
    private final Claim waiting = claim(key, LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 1, true);

    private static Supplier<List<String>> failing(Throwable cause) {
        return () -> {
            throw new IllegalStateException("it did not work", cause);
        };
    }

    @Test
    void aCallThatAnInterruptBrokeOffIsMadeAgainAlsoIfTheClientHidTheFlag() {
        answers.add(failing(new InterruptedException()));
        answers.add(() -> GRANTED);

        Grant grant = granted(backend, exclusive(key));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(grant.fence()).isEqualTo(7);
    }

    @Test
    void ofAClaimWhoseLastTryIsBusyNothingIsKept() {
        answers.add(failing(new java.io.IOException("connection reset")));
        answers.add(() -> BUSY);
        answers.add(() -> BUSY);
        assertThatExceptionOfType(LockBackendException.class).isThrownBy(() -> backend.tryAcquire(waiting));

        Claim last =
                new Claim(key, waiting.mode(), 1, false, waiting.owner(), waiting.lease(), 1, false, waiting.place());
        busy(backend, last);
        busy(backend, last);

        // the third letter says whether the claim is unknown so far
        assertThat(sent).map(flags -> flags.charAt(2)).containsExactly('1', '0', '1');
    }

    @Test
    void aWatchedClaimThatReachedTooFewReplicasIsStillWoken() {
        try (RedisBackend acknowledged =
                RedisBackend.builder(client).replicaAcks(1).build()) {
            answers.add(() -> BUSY);
            answers.add(() -> GRANTED);
            answers.add(() -> List.of("1"));
            AtomicInteger wakes = new AtomicInteger();
            busy(acknowledged, waiting);
            acknowledged.watch(waiting, counting(wakes));
            listeners.get(0).listening();
            assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(() -> acknowledged.tryAcquire(waiting))
                    .withMessageContaining("reached 0 replicas");
            wakes.set(0);

            listeners.get(0).message("W " + waiting.owner());

            assertThat(wakes).hasValue(1);
        }
    }

    @Test
    void aLockThatReachedTooFewReplicasAndCouldNotBeGivenBackIsNotSaidToBe() {
        try (RedisBackend acknowledged =
                RedisBackend.builder(client).replicaAcks(1).build()) {
            answers.add(() -> GRANTED);
            answers.add(failing(new java.io.IOException("connection reset")));

            assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(() -> acknowledged.tryAcquire(exclusive(key)))
                    .withMessageContaining("could not be given back");
        }
    }

    @Test
    void aSubscriptionThatFailedAndBeginsLateDoesNotCountAsListening() {
        answers.add(() -> BUSY);
        answers.add(() -> BUSY);
        refuseOnce = true;
        busy(backend, waiting);
        backend.watch(waiting, counting(new AtomicInteger()));
        listeners.get(0).listening();

        busy(backend, waiting);

        assertThat(listeners).as("subscribed again").hasSize(2);
    }

    @Test
    void aServerWithoutSubscriptionsIsPolledAndNotAskedForOneAgainAtOnce() {
        refusal = "ERR unknown command 'SUBSCRIBE'";
        answers.add(() -> BUSY);
        answers.add(() -> BUSY);
        answers.add(() -> GRANTED);
        busy(backend, waiting);
        backend.watch(waiting, counting(new AtomicInteger()));
        busy(backend, waiting);

        assertThat(granted(backend, waiting).fence()).isEqualTo(7);
        assertThat(listeners).hasSize(1);
    }

    @Test
    void aMissingRightToListenIsAFailureThatNamesIt() {
        refusal = "NOPERM this user has no permissions to access one of the channels used as arguments";
        answers.add(() -> BUSY);
        busy(backend, waiting);

        assertThatExceptionOfType(LockBackendException.class)
                .isThrownBy(() -> backend.watch(waiting, counting(new AtomicInteger())))
                .withMessageContaining("ACL SETUSER");
    }

    private static Waker counting(AtomicInteger wakes) {
        return new Waker() {
            @Override
            public void wake() {
                wakes.incrementAndGet();
            }

            @Override
            public void granted(Grant grant, Duration lease) {}
        };
    }

    private final class ToldWhatToAnswer implements RedisTransport {

        @Override
        public String client() {
            return "a told one";
        }

        @Override
        public boolean cluster() {
            return false;
        }

        @Override
        public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
            if (script == RedisScript.CLOCK) {
                return List.of("1700000000000");
            }
            if (script == RedisScript.SERVER || script == RedisScript.ECHO) {
                return List.of("", "1");
            }
            if (script == RedisScript.TAKE_FREE) {
                return List.of("B");
            }
            sent.add(arguments.get(1));
            return answers.remove().get();
        }

        @Override
        public Confirmed runConfirmed(
                RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
            return new Confirmed(run(script, keys, arguments), 0);
        }

        @Override
        public Subscription subscribe(String channel, Listener listener) {
            listeners.add(listener);
            if (refusal != null) {
                throw new IllegalStateException(refusal);
            }
            if (refuseOnce) {
                refuseOnce = false;
                throw new IllegalStateException("it took too long");
            }
            return () -> {};
        }

        @Override
        public List<String> scan(String pattern, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
