package io.lockweave.testkit.contract;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.TimeSource;
import io.lockweave.testkit.Threads;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Servers that break exactly one thing, and the rule whose tests must notice. */
enum Mutant {
    CHECKS_THEN_ACTS("rule01", clock -> new MemoryServer(clock) {
        @Override
        boolean fits(Collection<Holding> holders, Claim claim) {
            boolean fits = super.fits(holders, claim);
            unlockedForAMoment(mutex::unlock, mutex::lock);
            return fits;
        }
    }),
    FORGETS_HOLDERS("rule01", clock -> new MemoryServer(clock) {
        @Override
        boolean fits(Collection<Holding> holders, Claim claim) {
            return true;
        }
    }),
    RELEASES_FOR_ANYBODY("rule02", clock -> new MemoryServer(clock) {
        @Override
        boolean remove(LockKey key, String owner) {
            return held.remove(id(key)) != null;
        }
    }),
    RELEASE_ALWAYS_SAYS_TRUE("rule02", clock -> new MemoryServer(clock) {
        @Override
        boolean release(Grant grant) {
            super.release(grant);
            return true;
        }
    }),
    RENEWS_FOR_ANYBODY("rule02", clock -> new MemoryServer(clock) {
        @Override
        Renewal renew(Grant grant, Duration lease) {
            Collection<Holding> holders = holders(grant.key()).values();
            holders.forEach(holding -> holding.leaseEnd = leaseEnd(clock.nanoTime(), lease));
            return holders.isEmpty() ? Renewal.LOST : Renewal.HELD;
        }
    }),
    RENEWAL_RECREATES("rule02", clock -> new MemoryServer(clock) {
        @Override
        Renewal renew(Grant grant, Duration lease) {
            if (holders(grant.key()).isEmpty()) {
                grant(grant.claim());
            }
            return super.renew(grant, lease);
        }
    }),
    RENEWAL_NEVER_SAYS_LOST("rule02", clock -> new MemoryServer(clock) {
        @Override
        Renewal renew(Grant grant, Duration lease) {
            super.renew(grant, lease);
            return Renewal.HELD;
        }
    }),
    CLAIM_IS_NOT_IDEMPOTENT("rule02", clock -> new MemoryServer(clock) {
        @Override
        Attempt tryAcquire(Claim claim) {
            return atomically(
                    () -> holders(claim.key()).containsKey(claim.owner()) && claim.mode() == LockMode.EXCLUSIVE
                            ? new Attempt.Busy(null, null)
                            : super.tryAcquire(claim));
        }
    }),
    FENCE_GROWS_ON_RETRY("rule02", clock -> new MemoryServer(clock) {
        @Override
        Holding repeated(Holding mine, Claim claim) {
            return grant(claim);
        }
    }),
    WITHDRAW_DOES_NOTHING("rule02", clock -> new MemoryServer(clock) {
        @Override
        void withdraw(Claim claim) {
            // the one thing it breaks
        }
    }),
    WITHDRAW_FREES_ANYBODY("rule02", clock -> new MemoryServer(clock) {
        @Override
        void withdraw(Claim claim) {
            super.forceRelease(claim.key());
        }
    }),
    LEASE_NEVER_ENDS("rule03", clock -> new MemoryServer(clock) {
        @Override
        boolean expired(Holding holding) {
            return false;
        }
    }),
    LEASE_ENDS_EARLY("rule03", clock -> new MemoryServer(clock) {
        @Override
        long leaseEnd(long now, Duration lease) {
            return now + lease.toNanos() / 3;
        }
    }),
    LEASE_NEVER_ENDS_FOR_FIND("rule03", clock -> new MemoryServer(clock) {
        @Override
        boolean expired(Holding holding) {
            return super.expired(holding) && !calledFrom("find");
        }
    }),
    RENEWAL_DOES_NOT_PROLONG("rule10", clock -> new MemoryServer(clock) {
        @Override
        Renewal renew(Grant grant, Duration lease) {
            return holders(grant.key()).containsKey(grant.owner()) ? Renewal.HELD : Renewal.LOST;
        }
    }),
    RENEWAL_ANSWERS_IN_ANOTHER_ORDER("rule10", clock -> new MemoryServer(clock) {
        @Override
        List<Renewal> renew(List<Grant> grants, Duration lease) {
            List<Renewal> answers = new ArrayList<>(super.renew(grants, lease));
            Collections.reverse(answers);
            return answers;
        }
    }),
    RENEWAL_STOPS_AT_THE_FIRST_LOST("rule10", clock -> new MemoryServer(clock) {
        @Override
        List<Renewal> renew(List<Grant> grants, Duration lease) {
            List<Renewal> answers = new ArrayList<>();
            for (Grant grant : grants) {
                answers.add(answers.contains(Renewal.LOST) ? Renewal.LOST : renew(grant, lease));
            }
            return answers;
        }
    }),
    FENCE_STANDS_STILL("rule04", clock -> new MemoryServer(clock) {
        @Override
        long nextFence(Claim claim) {
            return 7;
        }
    }),
    FENCE_RESTARTS_WHEN_THE_LOCK_IS_FREE("rule04", clock -> new MemoryServer(clock) {
        @Override
        long nextFence(Claim claim) {
            if (holders(claim.key()).isEmpty()) {
                lastFence = 0;
            }
            return super.nextFence(claim);
        }
    }),
    FENCE_STRIDES_OVERLAP("rule04", clock -> new MemoryServer(clock) {
        @Override
        long nextFence(Claim claim) {
            return ++lastFence;
        }
    }),
    FENCE_IS_LOST_WITH_THE_DATA("rule04", clock -> new MemoryServer(clock) {
        @Override
        void loseData() {
            super.loseData();
            lastFence = 0;
        }
    }),
    ONE_PERMIT_TOO_MANY("rule05", clock -> new MemoryServer(clock) {
        @Override
        boolean fits(Collection<Holding> holders, Claim claim) {
            return claim.mode() == LockMode.PERMIT ? holders.size() <= claim.permits() : super.fits(holders, claim);
        }
    }),
    SHARED_ADMITS_EXCLUSIVE("rule05", clock -> new MemoryServer(clock) {
        @Override
        boolean fits(Collection<Holding> holders, Claim claim) {
            return super.fits(holders, claim) || holders.stream().allMatch(holding -> mode(holding) == LockMode.SHARED);
        }
    }),
    EXCLUSIVE_ADMITS_SHARED("rule05", clock -> new MemoryServer(clock) {
        @Override
        boolean fits(Collection<Holding> holders, Claim claim) {
            return super.fits(holders, claim) || claim.mode() == LockMode.SHARED;
        }
    }),
    LAST_READER_IS_NOT_AWAITED("rule05", clock -> new MemoryServer(clock) {
        @Override
        boolean remove(LockKey key, String owner) {
            return super.remove(key, owner) && (held.remove(id(key)) != null || true);
        }
    }),
    ANY_NUMBER_OF_PERMITS("rule05", clock -> new MemoryServer(clock) {
        @Override
        void checkPermits(Collection<Holding> holders, Claim claim) {
            // the one thing it breaks
        }
    }),
    ONE_LEASE_FOR_ALL_READERS("rule05", clock -> new MemoryServer(clock) {
        @Override
        Renewal renew(Grant grant, Duration lease) {
            Renewal answer = super.renew(grant, lease);
            if (answer == Renewal.HELD) {
                holders(grant.key()).values().forEach(holding -> holding.leaseEnd = leaseEnd(clock.nanoTime(), lease));
            }
            return answer;
        }
    }),
    PERMIT_IS_TAKEN_TWICE_BY_A_RETRY("rule05", clock -> new MemoryServer(clock) {
        @Override
        Holding repeated(Holding mine, Claim claim) {
            held.get(id(claim.key())).put(claim.owner() + "again", mine);
            return mine;
        }
    }),
    TAKES_WHAT_IS_FREE_OF_SEVERAL("rule07", BrokenForSeveral::takesWhatIsFreeOfSeveral),
    LOOKS_AT_THE_FIRST_OF_SEVERAL_ONLY("rule07", BrokenForSeveral::looksAtTheFirstOfSeveralOnly),
    SEVERAL_ARE_CHECKED_AND_THEN_TAKEN("rule01", BrokenForSeveral::severalAreCheckedAndThenTaken),
    ANSWERS_FOR_SEVERAL_IN_ANOTHER_ORDER("rule07", BrokenForSeveral::answersForSeveralInAnotherOrder),
    RELEASES_THE_FIRST_OF_SEVERAL_ONLY("rule07", BrokenForSeveral::releasesTheFirstOfSeveralOnly),
    SAYS_OF_ALL_WHAT_IS_TRUE_OF_THE_FIRST("rule07", BrokenForSeveral::saysOfAllWhatIsTrueOfTheFirst),
    FENCES_OF_SEVERAL_GROW_ON_RETRY("rule02", BrokenForSeveral::fencesOfSeveralGrowOnRetry),
    SEVERAL_HAVE_NO_LEASE("rule03", BrokenForSeveral::severalHaveNoLease),
    SEVERAL_LEAVE_THE_FENCES_BEHIND("rule04", BrokenForSeveral::severalLeaveTheFencesBehind),
    SWALLOWS_INTERRUPTS("rule08", clock -> new MemoryServer(clock) {
        @Override
        Attempt tryAcquire(Claim claim) {
            Thread.interrupted();
            return super.tryAcquire(claim);
        }
    }),
    ENDS_WHEN_INTERRUPTED("rule08", clock -> new MemoryServer(clock) {
        @Override
        boolean release(Grant grant) {
            if (Thread.currentThread().isInterrupted()) {
                throw io.lockweave.LockBackendException.passing("interrupted", null);
            }
            return super.release(grant);
        }
    }),
    LETS_EVERYBODY_IN_WHEN_DOWN("rule11", clock -> new MemoryServer(clock) {
        @Override
        Attempt tryAcquire(Claim claim) {
            return down ? new Attempt.Granted(new Grant(claim, Long.MAX_VALUE / 2, 1)) : super.tryAcquire(claim);
        }
    }),
    SAYS_BUSY_WHEN_DOWN("rule11", clock -> new MemoryServer(clock) {
        @Override
        Attempt tryAcquire(Claim claim) {
            return down ? new Attempt.Busy(null, null) : super.tryAcquire(claim);
        }

        @Override
        void failIfDown() {
            // everything else seems to work
        }
    }),
    NAMES_THE_WRONG_HOLDER("rule11", clock -> new MemoryServer(clock) {
        @Override
        Attempt tryAcquire(Claim claim) {
            return super.tryAcquire(claim) instanceof Attempt.Busy busy && busy.holder() != null
                    ? new Attempt.Busy(busy.retryAfter(), wrong(busy.holder(), claim))
                    : super.tryAcquire(claim);
        }

        private LockHolder wrong(LockHolder right, Claim claim) {
            return new LockHolder(claim.owner(), claim.place(), right.mode(), right.fence(), null, null);
        }
    }),
    LEAVES_A_THREAD("rule15", clock -> new MemoryServer(clock) {
        @Override
        Attempt tryAcquire(Claim claim) {
            Threads.daemon("left-behind", () -> Fixture.rest(Duration.ofSeconds(20)));
            return super.tryAcquire(claim);
        }
    }),
    FOLDS_CASE("rule12", keyedBy(key -> key.toString().toLowerCase(Locale.ROOT))),
    TRIMS("rule12", keyedBy(key -> parts(key).stream().map(String::trim).toList())),
    NORMALIZES("rule12", keyedBy(key -> parts(key).stream()
            .map(part -> Normalizer.normalize(part, Normalizer.Form.NFC))
            .toList())),
    ENCODES_AS_UTF8("rule12", keyedBy(key -> parts(key).stream()
            .map(part -> new String(part.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
            .toList())),
    JOINS_WITH_COLONS("rule12", keyedBy(key -> String.join(":", parts(key)))),
    CUTS_LONG_KEYS("rule12", keyedBy(key -> parts(key).stream()
            .map(part -> part.substring(0, Math.min(1_000, part.length())))
            .toList())),
    ENDS_AT_NUL("rule12", keyedBy(key -> parts(key).stream()
            .map(part -> part.split("\0", 2)[0])
            .toList())),
    READS_BRACES("rule12", keyedBy(key -> parts(key).stream()
            .map(part -> part.replaceAll("[{}]", ""))
            .toList())),
    NAMES_A_TRY_TO_COME("rule18", clock -> new MemoryServer(clock, true) {
        @Override
        Grant told(Grant grant) {
            Claim claim = grant.claim();
            // that after the one which fails because its process stands still
            return new Grant(claim.inTry(claim.tryNumber() + 2), grant.fence(), grant.fences());
        }
    }),
    KEEPS_EMPTY_ENTRIES("rule13", clock -> new MemoryServer(clock) {
        private long kept;

        @Override
        void forgetIfEmpty(LockKey key, Map<String, Holding> holders) {
            kept++;
            super.forgetIfEmpty(key, holders);
        }

        @Override
        long entries() {
            return super.entries() + kept;
        }
    }),
    SERVES_THE_LAST_FIRST("fair", clock -> new MemoryServer(clock) {
        @Override
        boolean mayEnter(Claim claim) {
            return true;
        }
    }),
    LETS_SHARED_CLAIMS_OVERTAKE("rule05", clock -> new MemoryServer(clock) {
        @Override
        boolean mayEnter(Claim claim) {
            return claim.mode() == LockMode.SHARED || super.mayEnter(claim);
        }
    }),
    LOSES_HINTS("aReleaseIsHeard", clock -> new MemoryServer(clock) {
        @Override
        void wake(LockKey key) {
            // the one thing it breaks
        }
    }),
    FORCED_RELEASE_DOES_NOTHING("forceRelease", clock -> new MemoryServer(clock) {
        @Override
        boolean forceRelease(LockKey key) {
            return !holders(key).isEmpty();
        }
    });

    /** How the names of the tests that must notice begin. */
    final String rule;

    private final Function<TimeSource, MemoryServer> server;

    Mutant(String rule, Function<TimeSource, MemoryServer> server) {
        this.rule = rule;
        this.server = server;
    }

    MemoryServer server(TimeSource clock) {
        return server.apply(clock);
    }

    private static Function<TimeSource, MemoryServer> keyedBy(Function<LockKey, Object> id) {
        return clock -> new MemoryServer(clock) {
            @Override
            Object id(LockKey key) {
                return id.apply(key);
            }
        };
    }

    private static List<String> parts(LockKey key) {
        return List.of(key.namespace(), key.name(), key.value());
    }

    private static boolean calledFrom(String method) {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals(method)));
    }

    private static void unlockedForAMoment(Runnable unlock, Runnable lock) {
        unlock.run();
        LockSupport.parkNanos(2_000_000);
        lock.run();
    }
}
