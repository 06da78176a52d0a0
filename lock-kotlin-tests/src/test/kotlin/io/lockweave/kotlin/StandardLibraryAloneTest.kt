package io.lockweave.kotlin

import io.lockweave.LockKey
import io.lockweave.LockUsageException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** Without kotlinx.coroutines: a coroutine is no more than what the compiler makes of it. */
class StandardLibraryAloneTest {

    @RegisterExtension @JvmField val local = LocksOfTest()
    private val points = BarePoints()

    private fun <T> start(block: suspend () -> T): CompletableFuture<T> {
        val result = CompletableFuture<T>()
        block.startCoroutine(
            Continuation(EmptyCoroutineContext) { outcome ->
                outcome.fold(result::complete, result::completeExceptionally)
            }
        )
        return result
    }

    @Test
    fun `kotlinx coroutines is not there`() {
        assertThatThrownBy { Class.forName("kotlinx.coroutines.Job") }
            .isInstanceOf(ClassNotFoundException::class.java)
    }

    @Test
    fun `coroutines wait for each other and enter again`() {
        val all = (1..50).map { start { points.addTwice("ada") } }
        all.forEach { it.get(30, TimeUnit.SECONDS) }

        assertThat(points.total).isEqualTo(100)
        assertThat(local.locks.isLocked(LockKey.of("points", "ada"))).isFalse()
    }

    @Test
    fun `nothing could interrupt a function whose lock is lost`() {
        assertThatThrownBy { start { Mistakes().interrupted(7) }.get(30, TimeUnit.SECONDS) }
            .hasCauseInstanceOf(LockUsageException::class.java)
            .hasMessageContaining("which only kotlinx.coroutines can cancel")
    }
}
