package io.lockweave.kotlin

import io.lockweave.Locked
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.resume
import kotlin.coroutines.suspendCoroutine

/** Points of which no library but Kotlin's own knows. */
class BarePoints {

    @Volatile
    var total = 0

    private suspend fun elsewhere() = suspendCoroutine { next ->
        CompletableFuture.runAsync { next.resume(Unit) }
    }

    @Locked(name = "points", key = "#user")
    suspend fun add(user: String) {
        val before = total
        elsewhere()
        total = before + 1
    }

    @Locked(name = "points", key = "#user")
    suspend fun addTwice(user: String) {
        add(user)
        elsewhere()
        add(user)
    }
}
