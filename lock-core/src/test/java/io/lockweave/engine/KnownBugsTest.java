package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.schedules.Explorer;
import io.lockweave.schedules.Mutant;
import io.lockweave.schedules.Program;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The explorer finds bugs that the engine had or could have: without that, its silence would mean nothing. */
class KnownBugsTest {

    /** At most so many programs are tried; each bug is found much sooner. */
    private static final int PROGRAMS = 2_000;

    private static final int SCHEDULES = 50;

    private static final Logger LOG = Logger.getLogger("io.lockweave");

    @BeforeAll
    static void sayNothingOfLossesByTheThousand() {
        LOG.setLevel(Level.SEVERE);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    /**
     * A bug.
     *
     * @param seed of the first program that is tried: of the first one that ever found it, so that this takes seconds
     * @param program what finds it
     * @param says what the program complains of
     * @param mutant how it is put in
     */
    record Bug(int seed, Class<? extends Program> program, String says, Mutant mutant) {

        @Override
        public String toString() {
            return mutant.name();
        }
    }

    static Stream<Bug> bugs() {
        return Stream.of(
                new Bug(
                        11,
                        GateProgram.class,
                        "units are inside of a gate with room for",
                        new Mutant(
                                "a waiter is let in without looking again whether there is room",
                                Room.class,
                                "return false;\n            }\n"
                                        + "            if (STATE.compareAndSet(this, s, s + units)) {",
                                "return false;\n            }\n"
                                        + "            STATE.getAndAdd(this, units); if (s == s) {")),
                new Bug(
                        40,
                        GateProgram.class,
                        "to be served directly",
                        new Mutant(
                                "others that give up end the direct service of an overdue head",
                                WaiterQueue.class,
                                "inTurnWaiters > 0 || (first != null && first.overdue)",
                                "inTurnWaiters > 0")),
                new Bug(
                        4,
                        GateProgram.class,
                        "nobody wakes the first",
                        new Mutant(
                                "a woken waiter that gives up wakes nobody",
                                Turnstile.class,
                                "leaveQueue(waiter, Waiter.GONE);\n"
                                        + "            settle();\n"
                                        + "            next = firstWithRoom();",
                                "leaveQueue(waiter, Waiter.GONE);\n            settle();\n            next = null;")),
                new Bug(
                        213,
                        GateProgram.class,
                        "nobody wakes the first",
                        new Mutant(
                                "a waiter that looks in vain is not woken again",
                                Turnstile.class,
                                "waiter.rearm();",
                                "")),
                new Bug(
                        1,
                        GateProgram.class,
                        "room for",
                        new Mutant(
                                "a dead gate takes waiters",
                                Turnstile.class,
                                "if ((s & DEAD) != 0) {\n                    waiters.remove(waiter);\n"
                                        + "                    return false;\n                }",
                                "")),
                new Bug(
                        2,
                        HoldProgram.class,
                        "more leaves than is inside",
                        new Mutant(
                                "a hold that has just ended is lost all the same",
                                HoldState.class,
                                "if (STATE.compareAndSet(this, s, LOST)) {",
                                "STATE.setVolatile(this, LOST); if (s == s) {")),
                new Bug(
                        0,
                        HoldProgram.class,
                        "inside",
                        new Mutant(
                                "a released hold is entered again",
                                HoldState.class,
                                "if (s <= 0) {\n                return false;\n            }\n"
                                        + "            if (STATE.compareAndSet(this, s, s + 1)) {",
                                "if (STATE.compareAndSet(this, s, s + 1)) {")),
                new Bug(
                        0,
                        DeadlockProgram.class,
                        "owners of a cycle were refused",
                        new Mutant(
                                "two owners that close a cycle at once are both refused",
                                DeadlockDetector.class,
                                "owner.waitingAt = null;",
                                "")),
                // Whichever a schedule shows first: others wait for what stays.
                new Bug(
                        2,
                        StoreProgram.class,
                        "left in the store|no end after|all wait",
                        new Mutant(
                                "a grant that is left for waiters who have all gone away stays",
                                StoreRelease.class,
                                "if (parked && !queued) {",
                                "if (parked && queued != queued) {")),
                new Bug(
                        2,
                        StoreProgram.class,
                        "had been lost before",
                        new Mutant(
                                "a grant that has ended is used again",
                                LeasedGrant.class,
                                "if (ended || fencesUsed",
                                "if (fencesUsed")),
                new Bug(
                        1,
                        EngineProgram.class,
                        "outlives the engine",
                        new Mutant(
                                "what is taken while the engine is closed is not given back",
                                LockEngine.class,
                                "if (parts.state().isClosed()) {",
                                "if (false) {")),
                new Bug(
                        2,
                        KeeperProgram.class,
                        "left in the store",
                        new Mutant(
                                "a renewal that crosses a release is not undone",
                                LeaseKeeper.class,
                                "if (!wanted) {\n            undo(live);\n        }",
                                "")),
                new Bug(
                        0,
                        KeeperProgram.class,
                        "believes in a lease",
                        new Mutant(
                                "a renewal counts from its answer",
                                LeaseKeeper.class,
                                "live.prolongedTo(sent + leaseNanos);",
                                "live.prolongedTo(time.nanoTime() + leaseNanos);")),
                new Bug(
                        0,
                        KeeperProgram.class,
                        "for no reason|nothing was lost, but",
                        new Mutant(
                                "a renewal that failed is not tried again",
                                LeaseKeeper.class,
                                "live.lookAt = live.deadline() - retry < 0 ? live.deadline() : retry;",
                                "live.lookAt = live.deadline();")),
                new Bug(
                        17,
                        KeeperProgram.class,
                        "were told|at once",
                        new Mutant(
                                "what is lost while its grant is under way is forgotten",
                                LeaseKeeper.class,
                                "lostEarly.put(owner, why);",
                                "")),
                new Bug(
                        24,
                        KeeperProgram.class,
                        "left in the store",
                        new Mutant(
                                "what a renewal without an answer has prolonged stays in the store",
                                LeaseKeeper.class,
                                "takeBack(live);",
                                "")),
                new Bug(
                        4,
                        SubmissionProgram.class,
                        "all wait|still in use|no end after",
                        new Mutant(
                                "a task that was cancelled before it began keeps its lock",
                                Submissions.class,
                                "held.close(); // cancelled before it began",
                                "")),
                new Bug(
                        2,
                        SubmissionProgram.class,
                        "never answered",
                        new Mutant(
                                "a task whose turn comes after the end is forgotten",
                                Submissions.class,
                                "if (!workers.execute(turn)) {",
                                "if (!workers.execute(turn) && turn == null) {")),
                new Bug(
                        0,
                        TogetherProgram.class,
                        "all wait|still in use|no end after",
                        new Mutant(
                                "the gates entered before a busy one stay entered",
                                JointStage.class,
                                "if (!entered) {\n                entry.abandon();\n            }",
                                "")),
                new Bug(
                        4,
                        TogetherProgram.class,
                        "all wait|still in use|no end after|left in the store",
                        new Mutant(
                                "locks whose result was cancelled meanwhile stay locked",
                                AsyncAcquireAll.class,
                                "all.close(); // cancelled in the meantime",
                                "")),
                new Bug(
                        0,
                        AsyncProgram.class,
                        "no end after|all wait",
                        new Mutant(
                                "a wake-up is forgotten that comes while the claim is driven",
                                AsyncAcquisition.class,
                                "} while (!wakeUps.compareAndSet(seen, 0));",
                                "wakeUps.set(0);\n        } while (seen < 0);")),
                new Bug(
                        0,
                        JoinProgram.class,
                        "no end after|all wait",
                        new Mutant(
                                "who joins a call is not seen to wait for it",
                                CallFuture.class,
                                "isDone() ? DeadlockDetector.Join.NONE : DeadlockDetector.join(call.get());\n"
                                        + "        try {\n            return super.join();",
                                "DeadlockDetector.Join.NONE;\n        try {\n            return super.join();")));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void isFound(Bug bug) {
        boolean inTime = bug.program == KeeperProgram.class;
        Explorer explorer = inTime ? Explorer.ofEngineInTime(bug.mutant) : Explorer.of(bug.mutant);
        assertThatThrownBy(() -> {
                    for (int more = 0; more < PROGRAMS; more++) {
                        explorer.explore(bug.program, bug.seed + more, SCHEDULES);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .message()
                .containsPattern(bug.says);
    }
}
