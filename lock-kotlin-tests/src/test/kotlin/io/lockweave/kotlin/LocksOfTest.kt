package io.lockweave.kotlin

import io.lockweave.Locks
import io.lockweave.Lockweave
import org.junit.jupiter.api.extension.AfterEachCallback
import org.junit.jupiter.api.extension.BeforeEachCallback
import org.junit.jupiter.api.extension.ExtensionContext

/** Locks of this JVM for one test, which woven functions use. */
class LocksOfTest : BeforeEachCallback, AfterEachCallback {

    val locks: Locks = Locks.local()

    override fun beforeEach(context: ExtensionContext) {
        Lockweave.use(locks)
    }

    override fun afterEach(context: ExtensionContext) {
        Lockweave.reset()
        locks.close()
    }
}
