package io.lockweave.spring.test.boot35;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockLostException;
import io.lockweave.LockUnavailableException;
import io.lockweave.spring.test.LocalLocks;
import io.lockweave.spring.test.LockControl;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** As docs/testing.md shows it. Spring 6.2's extension runs on this build's JUnit 5; Spring 7's needs JUnit 6. */
@SpringBootTest
@LocalLocks
class PointsServiceTest {

    @Autowired
    PointsService points;

    @Autowired
    LockControl control;

    @Test
    void somebodyElseIsWorkingOnAnn() {
        control.busy("user", "ann");
        assertThatThrownBy(() -> points.add("ann", 1)).isInstanceOf(LockUnavailableException.class);
    }

    @Test
    void theLockIsLostInTheMiddle() {
        control.lost("user");
        assertThatThrownBy(() -> points.add("bob", 1)).isInstanceOf(LockLostException.class);
        assertThat(points.of("bob")).isZero();
    }
}
