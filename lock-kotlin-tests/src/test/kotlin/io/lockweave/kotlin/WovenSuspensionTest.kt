package io.lockweave.kotlin

import io.lockweave.Locks
import io.lockweave.Lockweave
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach

class WovenSuspensionTest : SuspensionContract() {

    override val locks: Locks = Locks.local()
    override val points: Points = WovenPoints { locks }

    @BeforeEach
    fun use() {
        Lockweave.use(locks)
    }

    @AfterEach
    fun close() {
        Lockweave.reset()
        locks.close()
    }
}
