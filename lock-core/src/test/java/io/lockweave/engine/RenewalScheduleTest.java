package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RenewalScheduleTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long SENT = Long.MAX_VALUE - SECOND;

    @Test
    void leasesAreRenewedBetweenSevenAndEightTwentyFourthsOfThemAndNotAllAtOnce() {
        List<Long> pauses = Stream.generate(() -> RenewalSchedule.next(SENT, 24 * SECOND) - SENT)
                .limit(1_000)
                .toList();
        assertThat(pauses).allMatch(pause -> pause >= 7 * SECOND && pause <= 8 * SECOND);
        assertThat(pauses).anyMatch(pause -> pause < 7.5 * SECOND);
        assertThat(pauses).anyMatch(pause -> pause > 7.5 * SECOND);
    }

    @Test
    void aRetryIsNeverDueAtOnceHoweverShortTheLease() {
        assertThat(RenewalSchedule.retry(SENT, 5) - SENT).isEqualTo(1);
    }

    @Test
    void aPushedGrantIsConfirmedWithinATenthOfItsLeaseAndAFifthOfASecond() {
        assertThat(RenewalSchedule.confirm(SENT, SECOND) - SENT).isEqualTo(SECOND / 10);
        assertThat(RenewalSchedule.confirm(SENT, 60 * SECOND) - SENT).isEqualTo(SECOND / 5);
    }

    @Test
    void aGrantPassesOnWithMoreThanHalfItsLeaseOrASecondLeft() {
        for (long lease : new long[] {SECOND, 60 * SECOND}) {
            long least = Math.min(lease / 2, SECOND);
            assertThat(RenewalSchedule.isEnoughToPassOn(least, lease)).isFalse();
            assertThat(RenewalSchedule.isEnoughToPassOn(least + 1, lease)).isTrue();
        }
    }
}
