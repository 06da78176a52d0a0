package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.Lockweave;
import io.lockweave.invoke.Points.Account;
import io.lockweave.invoke.Points.User;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockedKeysTest {

    private final RecordingLocks locks = new RecordingLocks();
    private final Points points = new Points(locks);

    @BeforeEach
    void useRecordingLocks() {
        Lockweave.use(locks, new RecordingLocks("other"));
    }

    @AfterEach
    void reset() {
        Lockweave.reset();
    }

    @Test
    void withoutAnythingTheClassIsLocked() throws Exception {
        points.wholeClass();
        locked("io.lockweave.invoke.Points");
    }

    @Test
    void aNameAloneIsOneLock() throws Exception {
        points.wholeName();
        locked("report");
        points.locks.log().clear();
        points.placeholderName();
        locked("somewhere");
    }

    @Test
    void everyWayToNameAThingInAKeyWorks() throws Exception {
        points.parameter(42);
        locked("user[42]");
        points.recordProperty(new User(42));
        locked("user[42]");
        points.nestedByPosition(new User(42), 7);
        locked("user[Bonn/7]");
        points.fieldAndGetters(new Account("DE1", 5));
        locked("account[DE15true]");
        points.mapEntry(Map.of("k", "v"));
        locked("map[v]");
        points.indexed(new String[] {"a", "b"}, List.of("c"));
        locked("array[bc]");
        points.staticCall(3);
        locked("static[eu3]");
        points.root(9);
        locked("root[acmeroot91]");
        points.optional(Optional.of(8));
        locked("user[8]");
    }

    @Test
    void expressionsMeanTheSameAfterManyCalls() throws Exception {
        for (int i = 1; i < 1_000; i++) {
            points.recordProperty(new User(i));
            locked("user[" + i + "]");
            points.nestedByPosition(new User(i), 7);
            locked("user[Bonn/7]");
            points.root(9);
            locked("root[acmeroot91]");
        }
    }

    @Test
    void allElementsOfACollectionOrArrayAreLockedTogether() throws Exception {
        points.projection(List.of(new User(2), new User(1), new User(2)));
        lockedTogether("user[1] user[2]");
        points.several(List.of(3, 1));
        lockedTogether("ids[1] ids[3]");
        points.array(5, 4);
        lockedTogether("ids[4] ids[5]");
        points.array(6);
        locked("ids[6]");
    }

    @Test
    void repeatedAnnotationsAreLockedTogetherAndAgreeOnTheirOptions() throws Exception {
        points.repeated(1, 2);
        lockedTogether("a[2] b[1]");
        assertThat(locks.options().waitTime()).hasSeconds(3);

        assertThatThrownBy(points::contradicting)
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining(
                        "The locks of io.lockweave.invoke.Points.contradicting() are taken together, but say mode")
                .hasMessageContaining("SHARED")
                .hasMessageContaining("give them the same mode");
    }

    @Test
    void anAnnotationMayCarryTheLockAlsoOverTwoSteps() throws Exception {
        points.composed(new User(1));
        locked("user[1]");
        points.composedTwice(new User(2));
        locked("user[2]");
        assertThat(locks.options().waitTime()).hasSeconds(7);
    }

    @Test
    void anArgumentChangedByTheMethodChangesNothing() throws Exception {
        points.mutating(new ArrayList<>(List.of("first")));
        locked("list[first]");
    }

    @Test
    void aKeyIsDataWhateverItLooksLike() throws Exception {
        points.parameter("#{T(java.lang.Runtime).getRuntime()} ${user.home} #root");
        locked("user[#{T(java.lang.Runtime).getRuntime()} ${user.home} #root]");
    }

    @Test
    void aConditionThatDoesNotHoldRunsTheMethodWithoutTheLock() throws Exception {
        points.conditional(5);
        assertThat(locks.log()).containsExactly("body");
        locks.log().clear();
        points.conditional(11);
        locked("vip[11]");

        assertThatThrownBy(() -> points.wrongCondition(1))
                .hasMessage("condition = \"#id\" of io.lockweave.invoke.Points.wrongCondition(int) is neither"
                        + " true nor false."
                        + " To fix it: write a condition such as #user.vip.");
    }

    @Test
    void aKeyThatIsNotThereIsAnErrorBeforeTheMethodRuns() {
        String end = "lock on something that is always there, check it before the call, or leave the lock out with a"
                + " condition.";
        assertThatThrownBy(() -> points.parameter(null))
                .isInstanceOf(LockUsageException.class)
                .hasMessage("key = \"#id\" of io.lockweave.invoke.Points.parameter(Object) is null. To fix it: " + end);
        assertThatThrownBy(() -> points.recordProperty(new User(null)))
                .hasMessageContaining("key = \"#user.id\"")
                .hasMessageContaining("is null");
        assertThatThrownBy(() -> points.recordProperty(null))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining(
                        "key = \"#user.id\" of io.lockweave.invoke.Points.recordProperty(User) cannot be evaluated")
                .hasMessageContaining("null");
        assertThatThrownBy(() -> points.parameter(" ")).hasMessageContaining("is blank");
        assertThatThrownBy(() -> points.optional(Optional.empty())).hasMessageContaining("is null");
        assertThatThrownBy(() -> points.mapEntry(new HashMap<>())).hasMessageContaining("is null");
        assertThatThrownBy(() -> points.several(List.of()))
                .hasMessageContaining("key = \"#ids\"")
                .hasMessageContaining("is empty, so there is nothing to lock");
        assertThatThrownBy(points::array).hasMessageContaining("is empty");
        assertThatThrownBy(() -> points.several(Arrays.asList(1, null))).hasMessageContaining("element 1 is null");
        assertThatThrownBy(() -> points.parameter(new Object()))
                .hasMessageContaining("key = \"#id\"")
                .hasMessageContaining("no toString of its own");
        assertThat(locks.log()).isEmpty();
    }

    private void locked(String key) {
        assertThat(locks.log()).containsExactly("acquire " + key, "body", "release");
        locks.log().clear();
    }

    private void lockedTogether(String keys) {
        assertThat(locks.log()).containsExactly("acquireAll " + keys, "body", "release");
        locks.log().clear();
    }
}
