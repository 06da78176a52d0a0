package io.lockweave.kotlin

import io.lockweave.Locks
import io.lockweave.WeavingCheck
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

class WovenSuspensionTest : SuspensionContract() {

    @RegisterExtension @JvmField val local = LocksOfTest()

    override val locks: Locks = local.locks
    override val points: Points = LockedPoints({ locks })

    @Test
    fun `the class is woven`() {
        WeavingCheck.require(LockedPoints::class.java)
    }
}
