package io.lockweave.examples.kotlin

import java.nio.file.Path
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

class TransfersTest {

    @Test
    fun `no coin is lost`() {
        val program =
            ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.lockweave.examples.kotlin.TransfersKt",
                )
                .redirectErrorStream(true)
                .start()
        val output = program.inputStream.bufferedReader().readText()

        assertThat(program.waitFor()).describedAs(output).isZero()
        assertThat(output).contains("8000 transfers and 1000 deposits: 1400 coins, 1400 expected")
    }
}
