package io.lockweave.testkit.contract;

import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Servers that break exactly one thing where several keys are taken or given back together; see {@link Mutant}. */
final class BrokenForSeveral {

    private BrokenForSeveral() {}

    static MemoryServer takesWhatIsFreeOfSeveral(TimeSource clock) {
        return new MemoryServer(clock) {
            @Override
            JointAttempt tryAcquireAll(List<Claim> claims) {
                return atomically(() -> {
                    JointAttempt answer = super.tryAcquireAll(claims);
                    if (answer instanceof JointAttempt.Busy) {
                        claims.forEach(super::tryAcquire);
                    }
                    return answer;
                });
            }
        };
    }

    static MemoryServer looksAtTheFirstOfSeveralOnly(TimeSource clock) {
        return new MemoryServer(clock) {
            @Override
            JointAttempt tryAcquireAll(List<Claim> claims) {
                return atomically(() -> super.tryAcquireAll(claims.subList(0, 1)) instanceof JointAttempt.Busy busy
                        ? busy
                        : new JointAttempt.Granted(
                                claims.stream().map(claim -> grant(claim).grant).toList()));
            }
        };
    }

    static MemoryServer severalAreCheckedAndThenTaken(TimeSource clock) {
        return new MemoryServer(clock) {
            @Override
            JointAttempt tryAcquireAll(List<Claim> claims) {
                for (Claim claim : claims) {
                    if (!holders(claim.key()).isEmpty()) {
                        return super.tryAcquireAll(claims);
                    }
                }
                LockSupport.parkNanos(2_000_000);
                return atomically(() -> new JointAttempt.Granted(
                        claims.stream().map(claim -> grant(claim).grant).toList()));
            }
        };
    }

    static MemoryServer answersForSeveralInAnotherOrder(TimeSource clock) {
        return new MemoryServer(clock) {
            @Override
            JointAttempt tryAcquireAll(List<Claim> claims) {
                List<Claim> reversed = new ArrayList<>(claims);
                Collections.reverse(reversed);
                return super.tryAcquireAll(reversed);
            }
        };
    }

    static MemoryServer releasesTheFirstOfSeveralOnly(TimeSource clock) {
        return new MemoryServer(clock) {
            @Override
            List<Boolean> releaseAll(List<Grant> grants) {
                release(grants.get(0));
                return Collections.nCopies(grants.size(), true);
            }
        };
    }

    static MemoryServer saysOfAllWhatIsTrueOfTheFirst(TimeSource clock) {
        return new MemoryServer(clock) {
            @Override
            List<Boolean> releaseAll(List<Grant> grants) {
                return Collections.nCopies(
                        grants.size(), super.releaseAll(grants).get(0));
            }
        };
    }

    static MemoryServer fencesOfSeveralGrowOnRetry(TimeSource clock) {
        return new MemoryServer(clock) {
            @Override
            JointAttempt tryAcquireAll(List<Claim> claims) {
                return atomically(() -> super.tryAcquireAll(claims) instanceof JointAttempt.Busy busy
                        ? busy
                        : new JointAttempt.Granted(
                                claims.stream().map(claim -> grant(claim).grant).toList()));
            }
        };
    }

    static MemoryServer severalHaveNoLease(TimeSource clock) {
        return new MemoryServer(clock) {
            @Override
            JointAttempt tryAcquireAll(List<Claim> claims) {
                return atomically(() -> {
                    JointAttempt answer = super.tryAcquireAll(claims);
                    if (answer instanceof JointAttempt.Granted) {
                        claims.forEach(claim -> holders(claim.key()).get(claim.owner()).leaseEnd =
                                leaseEnd(clock.nanoTime(), Duration.ofDays(1)));
                    }
                    return answer;
                });
            }
        };
    }

    static MemoryServer severalLeaveTheFencesBehind(TimeSource clock) {
        return new MemoryServer(clock) {
            @Override
            JointAttempt tryAcquireAll(List<Claim> claims) {
                return atomically(() -> {
                    long before = lastFence;
                    JointAttempt answer = super.tryAcquireAll(claims);
                    lastFence = before;
                    return answer;
                });
            }
        };
    }
}
