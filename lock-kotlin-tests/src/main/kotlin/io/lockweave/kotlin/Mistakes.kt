package io.lockweave.kotlin

import io.lockweave.Locked
import io.lockweave.Locked.OnLost
import io.lockweave.Locked.OnUnavailable
import io.lockweave.Locked.Until

/** What suspending functions cannot do. */
class Mistakes {

    @Locked(name = "user", onUnavailable = OnUnavailable.SKIP)
    suspend fun skipsANumber(id: Long): Int = id.toInt()

    @Locked(name = "user", until = Until.TRANSACTION)
    suspend fun untilTransaction(id: Long): Long = id

    @Locked(name = "user")
    suspend fun sequence(id: Long): Sequence<Long> = sequenceOf(id)

    @Locked(name = "user", onUnavailable = OnUnavailable.FALLBACK, fallback = "other")
    suspend fun fallback(id: Long): Long = id

    @Locked(name = "user", onUnavailable = OnUnavailable.FALLBACK, fallback = "suspending")
    fun plain(id: Long): Long = id

    suspend fun suspending(id: Long): Long = id

    @Locked(name = "user", onLost = OnLost.INTERRUPT)
    suspend fun interrupted(id: Long): Long = id
}
