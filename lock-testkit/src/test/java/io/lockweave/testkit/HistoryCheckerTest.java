package io.lockweave.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.testkit.HistoryChecker.Stay;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {

    private final HistoryChecker history = new HistoryChecker();

    private void stay(String who, String key, long fence, long entered, long left, boolean lost) {
        history.add(new Stay(who, key, fence, entered, left, lost));
    }

    @Test
    void staysOneAfterTheOtherAreFineInWhateverOrderTheyAreToldOf() {
        stay("b", "k", 2, 20, 30, false);
        stay("a", "k", 1, 10, 20, false);
        stay("c", "k", 9, 31, 32, false);
        stay("d", "other", 1, 10, 40, false);
        assertThatCode(history::check).doesNotThrowAnyException();
        assertThat(history.size()).isEqualTo(4);
    }

    @Test
    void overlappingStaysAreAContradiction() {
        stay("a", "k", 1, 10, 20, false);
        stay("b", "k", 2, 19, 30, false);
        assertThatThrownBy(history::check)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("who=b")
                .hasMessageContaining("who=a");
    }

    @Test
    void aLongStayOverlapsWithLaterOnesAlthoughAShortOneCameBetween() {
        stay("a", "k", 1, 10, 100, false);
        stay("b", "k", 2, 11, 12, true);
        stay("c", "k", 3, 50, 60, false);
        assertThatThrownBy(history::check)
                .hasMessageContaining("2 contradictions")
                .hasMessageContaining("who=c");
    }

    @Test
    void aHolderThatKnewOfItsLossMayOverlap() {
        stay("frozen", "k", 1, 10, 100, true);
        stay("next", "k", 2, 50, 60, false);
        assertThatCode(history::check).doesNotThrowAnyException();
    }

    @Test
    void aHolderThatDidNotKnowOfItsLossMayNot() {
        stay("next", "k", 2, 50, 60, true);
        stay("zombie", "k", 1, 10, 100, false);
        assertThatThrownBy(history::check).isInstanceOf(AssertionError.class);
    }

    @Test
    void fencesThatDoNotGrowAreAContradiction() {
        stay("a", "k", 5, 10, 20, false);
        stay("b", "k", 5, 20, 30, false);
        assertThatThrownBy(history::check).hasMessageContaining("did not grow");
    }

    @Test
    void aFenceBelowAnEarlierOneIsExcusedOnlyForAHolderThatWasLost() {
        stay("a", "k", 5, 10, 20, false);
        stay("lost before it entered", "k", 4, 30, 40, true);
        stay("b", "k", 6, 50, 60, false);
        assertThatCode(history::check).doesNotThrowAnyException();
        stay("c", "k", 5, 70, 80, false);
        assertThatThrownBy(history::check).hasMessageContaining("who=c");
    }

    @Test
    void aStayIsTimedBetweenEnterAndExit() {
        HistoryChecker.Entry first = history.enter("a", "k", 1);
        HistoryChecker.Entry second = history.enter("b", "k", 2);
        second.exit(false);
        first.exit(false);
        assertThatThrownBy(history::check).isInstanceOf(AssertionError.class);
    }
}
