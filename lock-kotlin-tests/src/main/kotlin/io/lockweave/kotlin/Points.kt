package io.lockweave.kotlin

import io.lockweave.LockUnavailableException
import kotlinx.coroutines.CompletableDeferred

/** Suspending functions that need a lock, as people write them. */
interface Points {

    /** How often [add] ran. */
    val total: Int

    /** Who else is in a function of this object while it says it must be alone; more than one is a fault. */
    val most: Int

    /** Reads, lets others run, writes. */
    suspend fun add(user: String): Int

    /** Calls [add] of the same user under its lock, before and after a suspension. */
    suspend fun addTwice(user: String): Int

    /** Calls [add] of another user in two branches at once. */
    suspend fun branches(user: String, inner: String): Int

    /** Takes [second] under [first], once it may. */
    suspend fun both(
        first: String,
        entered: CompletableDeferred<Unit>,
        go: CompletableDeferred<Unit>,
        second: String,
    ): Int

    /** Is in there until it is let go. */
    suspend fun stay(user: String, entered: CompletableDeferred<Unit>, leave: CompletableDeferred<Unit>): String

    /** Is in there until it is let go, whoever cancels it. */
    suspend fun stayAnyway(user: String, entered: CompletableDeferred<Unit>, leave: CompletableDeferred<Unit>)

    /** Fails, after a suspension or before. */
    suspend fun fail(user: String, late: Boolean): String

    /** Calls itself. */
    suspend fun countDown(user: String, n: Int): Int

    /** Which lock the running thread holds, before and after a suspension. */
    suspend fun held(user: String): List<String>

    /** Takes the lock by the blocking interface, under this one of the same key, after a suspension. */
    suspend fun blockingInside(user: String): String

    /** Is left out if somebody is there. */
    suspend fun skipped(user: String)

    /** What runs instead suspends too. */
    suspend fun orSuspending(user: String): String

    /** What runs instead returns at once, and gets the reason. */
    suspend fun orAtOnce(user: String): String

    /** Waits to be cancelled, which a loss of the lock does. */
    suspend fun untilLost(user: String): String

    suspend fun insteadSuspending(user: String): String

    fun insteadAtOnce(user: String, failure: LockUnavailableException): String
}
