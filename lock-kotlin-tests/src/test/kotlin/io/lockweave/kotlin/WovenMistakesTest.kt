package io.lockweave.kotlin

import io.lockweave.LockUsageException
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** They are refused at the first call, with the reason. */
class WovenMistakesTest {

    @RegisterExtension @JvmField val local = LocksOfTest()
    private val mistakes = Mistakes()

    private fun refused(vararg texts: String, call: suspend () -> Unit) {
        val refusal =
            assertThatThrownBy { runBlocking { call() } }.isInstanceOf(LockUsageException::class.java)
        texts.forEach { refusal.hasMessageContaining(it) }
    }

    @Test
    fun `a number cannot be left out`() {
        refused("onUnavailable = SKIP", "returns java.lang.Integer", "use FALLBACK") { mistakes.skipsANumber(7) }
    }

    @Test
    fun `no transaction of a thread outlives it`() {
        refused("until = TRANSACTION", "a suspending function", "use AUTO") { mistakes.untilTransaction(7) }
    }

    @Test
    fun `its result may not go on working`() {
        refused("kotlin.sequences.Sequence", "goes on working") { mistakes.sequence(7) }
    }

    @Test
    fun `a fallback that is not there`() {
        refused("has no such method", "write Long other(long)") { mistakes.fallback(7) }
    }

    @Test
    fun `a fallback that suspends where the function does not`() {
        refused("has no such method", "write long suspending(long)") { mistakes.plain(7) }
    }
}
