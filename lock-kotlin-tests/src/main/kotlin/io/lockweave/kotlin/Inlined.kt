package io.lockweave.kotlin

import io.lockweave.Locked
import kotlinx.coroutines.yield

/** Its body runs where it is called. */
class Inlined {

    @Locked(name = "user", key = "#id")
    inline fun plain(id: Long, change: (Long) -> Long): Long = change(id)
}

class SuspendingInlined {

    @Locked(name = "user", key = "#id")
    suspend inline fun suspending(id: Long, change: (Long) -> Long): Long {
        yield()
        return change(id)
    }
}

class ReifiedInlined {

    @Locked(name = "user", key = "#id")
    inline fun <reified T> reified(id: Long): String = T::class.java.name + id
}
