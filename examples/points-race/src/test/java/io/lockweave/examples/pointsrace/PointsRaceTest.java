package io.lockweave.examples.pointsrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PointsRaceTest {

    @Test
    void theUnguardedRowLosesUpdatesAndTheLockedRowsLoseNone() throws Exception {
        List<Result> results = PointsRace.run(new Race(8, 1_000));

        assertThat(results).filteredOn(result -> !result.losesNothing()).allSatisfy(result -> assertThat(result.lost())
                .isPositive());
        assertThat(results)
                .filteredOn(Result::losesNothing)
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(result -> assertThat(result.lost()).isZero());
    }
}
