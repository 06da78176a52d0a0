package io.lockweave.kotlin

import io.lockweave.LockUsageException
import io.lockweave.Locks
import io.lockweave.WeavingCheck
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test

class ProxiedSuspensionTest : SuspensionContract() {

    private val context = pointsContext().apply { refresh() }

    override val locks: Locks = context.getBean(Locks::class.java)
    override val points: Points = context.getBean(Points::class.java)

    @AfterEach
    fun close() {
        context.close()
    }

    @Test
    fun `the class is not woven`() {
        assertThatThrownBy { WeavingCheck.require(LockedPoints::class.java) }
            .isInstanceOf(LockUsageException::class.java)
    }
}
