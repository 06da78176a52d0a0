package io.lockweave.kotlin

import io.lockweave.HeldLock
import io.lockweave.LockKey
import io.lockweave.LockUnavailableException
import io.lockweave.Locked
import io.lockweave.Locked.OnLost
import io.lockweave.Locked.OnUnavailable
import io.lockweave.Locks
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield

/**
 * The one that tests use both ways: woven, and as its compiler left it behind a proxy of Spring. Each function that is
 * locked has the states of its coroutine in itself, so that it is what goes on after a suspension.
 *
 * @param through how it calls itself; null: directly
 */
class LockedPoints(private val locks: () -> Locks, through: (() -> Points)? = null) : Points {

    private val self: () -> Points = through ?: { this }

    private val alone = Alone()

    @Volatile
    override var total = 0

    override val most: Int
        get() = alone.most

    @Locked(name = "points", key = "#user")
    override suspend fun add(user: String): Int = alone.here {
        val before = total
        yield()
        total = before + 1
        before
    }

    @Locked(name = "points", key = "#user")
    override suspend fun addTwice(user: String): Int {
        self().add(user)
        yield()
        return self().add(user)
    }

    @Locked(name = "points", key = "#user")
    override suspend fun branches(user: String, inner: String): Int = coroutineScope {
        (1..2).map { async { repeat(500) { self().add(inner) } } }.awaitAll()
        total
    }

    @Locked(name = "points", key = "#first", waitTime = "20s")
    override suspend fun both(
        first: String,
        entered: CompletableDeferred<Unit>,
        go: CompletableDeferred<Unit>,
        second: String,
    ): Int {
        entered.complete(Unit)
        go.await()
        return self().add(second)
    }

    @Locked(name = "points", key = "#user", waitTime = "20s")
    override suspend fun stay(
        user: String,
        entered: CompletableDeferred<Unit>,
        leave: CompletableDeferred<Unit>,
    ): String {
        entered.complete(Unit)
        leave.await()
        return "stayed"
    }

    @Locked(name = "points", key = "#user", waitTime = "20s")
    override suspend fun stayAnyway(
        user: String,
        entered: CompletableDeferred<Unit>,
        leave: CompletableDeferred<Unit>,
    ) {
        withContext(NonCancellable) {
            entered.complete(Unit)
            leave.await()
        }
    }

    @Locked(name = "points", key = "#user")
    override suspend fun fail(user: String, late: Boolean): String {
        if (late) {
            yield()
        }
        throw IllegalStateException("failed")
    }

    @Locked(name = "points", key = "#user")
    override suspend fun countDown(user: String, n: Int): Int {
        yield()
        if (n == 0) {
            return 0
        }
        val below = self().countDown(user, n - 1)
        yield()
        return below + 1
    }

    @Locked(name = "points", key = "#user")
    override suspend fun held(user: String): List<String> {
        val before = HeldLock.current().map { it.key().toString() }.orElse("none")
        yield()
        return listOf(before, HeldLock.current().map { it.key().toString() }.orElse("none"))
    }

    @Locked(name = "points", key = "#user")
    override suspend fun blockingInside(user: String): String {
        yield()
        locks().acquire(LockKey.of("points", user)).use { return if (it.isReentry) "again" else "anew" }
    }

    @Locked(name = "points", key = "#user", waitTime = "0", onUnavailable = OnUnavailable.SKIP)
    override suspend fun skipped(user: String) {
        yield()
        total++
    }

    @Locked(
        name = "points",
        key = "#user",
        waitTime = "0",
        onUnavailable = OnUnavailable.FALLBACK,
        fallback = "insteadSuspending",
    )
    override suspend fun orSuspending(user: String): String = "itself"

    override suspend fun insteadSuspending(user: String): String {
        yield()
        return "instead for $user"
    }

    @Locked(
        name = "points",
        key = "#user",
        waitTime = "0",
        onUnavailable = OnUnavailable.FALLBACK,
        fallback = "insteadAtOnce",
    )
    override suspend fun orAtOnce(user: String): String = "itself"

    override fun insteadAtOnce(user: String, failure: LockUnavailableException): String = "busy: ${failure.busy()}"

    @Locked(name = "points", key = "#user", onLost = OnLost.INTERRUPT)
    override suspend fun untilLost(user: String): String {
        CompletableFuture.runAsync { locks().forceRelease(LockKey.of("points", user)) }.get(20, TimeUnit.SECONDS)
        awaitCancellation()
    }
}
