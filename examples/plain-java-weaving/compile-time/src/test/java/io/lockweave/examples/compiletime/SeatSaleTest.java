package io.lockweave.examples.compiletime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SeatSaleTest {

    @Test
    void noSeatIsSoldTwice() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SeatSale.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(program.getInputStream().readAllBytes());

        assertThat(program.waitFor()).as(output).isZero();
        assertThat(output).contains("1000 seats sold, 0 of them twice");
    }
}
