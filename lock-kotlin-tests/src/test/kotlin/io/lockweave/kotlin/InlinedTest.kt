package io.lockweave.kotlin

import io.lockweave.LockUsageException
import io.lockweave.Locked
import io.lockweave.WeavingCheck
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

/** Functions that are copied to their callers, and run there without a lock. */
class InlinedTest {

    open class Bean {

        @Locked(name = "user", key = "#id")
        inline fun <reified T> reified(id: Long): String = T::class.java.name + id
    }

    private fun refused(type: Class<*>, function: String) {
        assertThatThrownBy { WeavingCheck.require(type) }
            .isInstanceOf(LockUsageException::class.java)
            .hasMessageContaining("$function is an inline function: its body is copied to where Kotlin calls it")
    }

    @Test
    fun `an ordinary one is refused by the check`() {
        refused(Inlined::class.java, "Inlined.plain(long, Function1)")
    }

    @Test
    fun `so is one that suspends`() {
        refused(SuspendingInlined::class.java, "SuspendingInlined.suspending(long, Function1, Continuation)")
    }

    @Test
    fun `so is one with a reified type, which is hidden from Java`() {
        refused(ReifiedInlined::class.java, "ReifiedInlined.reified(long)")
    }

    @Test
    fun `a bean with a hidden one does not start`() {
        lockingContext(Bean::class.java).use {
            assertThatThrownBy { it.refresh() }.hasStackTraceContaining("InlinedTest\$Bean.reified(long) is an inline function")
        }
    }
}
