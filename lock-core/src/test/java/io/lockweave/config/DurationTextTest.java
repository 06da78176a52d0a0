package io.lockweave.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockOptions;
import io.lockweave.LockUsageException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "5s, PT5S",
        "250ms, PT0.25S",
        "2m, PT2M",
        "1h, PT1H",
        "1d, PT24H",
        "PT5S, PT5S",
        "0, PT0S",
        "' 3S ', PT3S",
        "10us, PT0.00001S",
        "7ns, PT0.000000007S"
    })
    void timesAreReadAsPeopleWriteThem(String text, Duration time) {
        assertThat(DurationText.parse("waitTime", text)).isEqualTo(time);
    }

    @Test
    void foreverHasNoEnd() {
        assertThat(DurationText.parse("waitTime", "forever")).isEqualTo(LockOptions.FOREVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"5 parsecs", "5", "-1s", "PT-1S", "", "1.5s", "99999999999999999999s", "999999999999999999d"})
    void anythingElseIsRefusedWithPlaceValueAndValidForms(String text) {
        assertThatThrownBy(() -> DurationText.parse("waitTime of com.acme.Points.add()", text))
                .isInstanceOf(LockUsageException.class)
                .hasMessage("waitTime of com.acme.Points.add() = \"" + text + "\" is not a time. To fix it: write it as"
                        + " 5s, 250ms, 2m, 1h, 1d, PT5S or 0, or forever.");
    }

    @Test
    void aLeaseMustHaveAnEnd() {
        assertThatThrownBy(() -> DurationText.parseFinite("leaseTime", "forever"))
                .hasMessage("leaseTime = \"forever\" is not a time. To fix it: write it as 5s, 250ms, 2m, 1h, 1d,"
                        + " PT5S or 0.");
    }
}
