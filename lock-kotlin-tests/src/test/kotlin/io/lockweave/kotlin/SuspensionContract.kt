package io.lockweave.kotlin

import io.lockweave.LockDeadlockException
import io.lockweave.LockKey
import io.lockweave.LockLostException
import io.lockweave.Locks
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.random.Random
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** What a suspending function under a lock guarantees, however it is intercepted. */
@Timeout(60)
abstract class SuspensionContract {

    protected abstract val locks: Locks
    protected abstract val points: Points

    /** The end of a cancelled function may come a moment after that of its caller. */
    private fun assertNothingIsLeft() {
        val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
        while (locks.inspect().isNotEmpty()) {
            check(System.nanoTime() < deadline) { "left behind: ${locks.inspect()}" }
            Thread.onSpinWait()
        }
    }

    private suspend fun untilSomebodyWaits(user: String) {
        while (locks.inspect(LockKey.of("points", user)).waiters().isEmpty()) {
            yield()
        }
    }

    private suspend fun untilNobodyWaits(user: String) {
        while (locks.inspect(LockKey.of("points", user)).waiters().isNotEmpty()) {
            yield()
        }
    }

    @Test
    fun `sixteen coroutines on four threads lose nothing`() {
        val threads = Executors.newFixedThreadPool(4)
        try {
            runBlocking(threads.asCoroutineDispatcher()) {
                (1..16).map { launch { repeat(625) { points.add("ada") } } }.forEach { it.join() }
            }
        } finally {
            threads.shutdown()
        }

        assertThat(points.total).isEqualTo(10_000)
        assertThat(points.most).isEqualTo(1)
        assertNothingIsLeft()
    }

    @Test
    fun `coroutines of one thread exclude each other`() {
        runBlocking {
            (1..100).map { launch { repeat(10) { points.add("ada") } } }.forEach { it.join() }
        }

        assertThat(points.total).isEqualTo(1_000)
        assertThat(points.most).isEqualTo(1)
        assertNothingIsLeft()
    }

    @Test
    fun `a function enters its lock again, also after a suspension`() {
        runBlocking(Dispatchers.Default) {
            points.addTwice("ada")
            assertThat(points.countDown("ada", 50)).isEqualTo(50)
        }

        assertThat(points.total).isEqualTo(2)
        assertNothingIsLeft()
    }

    @Test
    fun `branches under one lock exclude each other`() {
        runBlocking(Dispatchers.Default) { points.branches("ada", "bob") }

        assertThat(points.total).isEqualTo(1_000)
        assertThat(points.most).isEqualTo(1)
        assertNothingIsLeft()
    }

    @Test
    fun `its own failure comes out unchanged, at once and after a suspension`() {
        for (late in listOf(false, true)) {
            assertThatThrownBy { runBlocking { points.fail("ada", late) } }
                .isExactlyInstanceOf(IllegalStateException::class.java)
                .hasMessage("failed")
        }
        assertNothingIsLeft()
    }

    @Test
    fun `a coroutine that is cancelled while it waits leaves nothing behind`() {
        runBlocking(Dispatchers.Default) {
            val entered = CompletableDeferred<Unit>()
            val leave = CompletableDeferred<Unit>()
            val holder = async { points.stay("ada", entered, leave) }
            entered.await()
            val late = CompletableDeferred<Unit>()
            val waiter = launch { points.stay("ada", late, leave) }
            untilSomebodyWaits("ada")

            waiter.cancelAndJoin()

            untilNobodyWaits("ada")
            assertThat(late.isCompleted).isFalse()
            leave.complete(Unit)
            assertThat(holder.await()).isEqualTo("stayed")
        }
        assertNothingIsLeft()
    }

    @Test
    fun `coroutines that are cancelled at any moment leave nothing behind`() {
        val threads = Executors.newFixedThreadPool(4)
        try {
            runBlocking(threads.asCoroutineDispatcher()) {
                val random = Random(1)
                repeat(300) {
                    val all = (1..8).map { launch { repeat(3) { points.addTwice("ada") } } }
                    repeat(random.nextInt(40)) { yield() }
                    all.shuffled(random).take(6).forEach { it.cancel() }
                    all.joinAll()
                }
            }
        } finally {
            threads.shutdown()
        }

        assertThat(points.most).isEqualTo(1)
        assertThat(points.total).isGreaterThanOrEqualTo(300 * 2 * 6) // those that were not cancelled
        assertNothingIsLeft()
    }

    @Test
    fun `a time-out ends the wait`() {
        runBlocking(Dispatchers.Default) {
            val entered = CompletableDeferred<Unit>()
            val leave = CompletableDeferred<Unit>()
            val holder = async { points.stay("ada", entered, leave) }
            entered.await()

            assertThat(withTimeoutOrNull(50) { points.add("ada") }).isNull()

            untilNobodyWaits("ada")
            leave.complete(Unit)
            holder.await()
        }
        assertThat(points.total).isZero()
        assertNothingIsLeft()
    }

    @Test
    fun `coroutines that wait for each other are told`() {
        runBlocking(Dispatchers.Default) {
            val inside = List(2) { CompletableDeferred<Unit>() }
            val go = CompletableDeferred<Unit>()
            supervisorScope {
                val all =
                    listOf(
                        async { points.both("ada", inside[0], go, "bob") },
                        async { points.both("bob", inside[1], go, "ada") },
                    )
                inside.awaitAll()
                go.complete(Unit)

                assertThat(all.mapNotNull { runCatching { it.await() }.exceptionOrNull() })
                    .singleElement()
                    .isInstanceOf(LockDeadlockException::class.java)
            }
        }
        assertThat(points.total).isEqualTo(1)
        assertNothingIsLeft()
    }

    @Test
    fun `a coroutine that is cancelled under its lock gives it back`() {
        runBlocking(Dispatchers.Default) {
            val entered = CompletableDeferred<Unit>()
            val holder = launch { points.stay("ada", entered, CompletableDeferred()) }
            entered.await()

            holder.cancelAndJoin()
            points.add("ada")
        }
        assertNothingIsLeft()
    }

    @Test
    fun `the lock is held while a cancelled function still works`() {
        runBlocking(Dispatchers.Default) {
            val entered = CompletableDeferred<Unit>()
            val leave = CompletableDeferred<Unit>()
            val holder = launch { points.stayAnyway("ada", entered, leave) }
            entered.await()
            holder.cancel()
            val next = async { points.add("ada") }
            untilSomebodyWaits("ada")

            assertThat(locks.inspect(LockKey.of("points", "ada")).holders()).isNotEmpty()
            leave.complete(Unit)
            next.await()
        }
        assertThat(points.total).isEqualTo(1)
        assertNothingIsLeft()
    }

    @Test
    fun `no thread waits while a coroutine does`() {
        val thread = Executors.newSingleThreadExecutor()
        try {
            runBlocking(thread.asCoroutineDispatcher()) {
                val entered = CompletableDeferred<Unit>()
                val leave = CompletableDeferred<Unit>()
                val all = (1..5).map { async { points.stay("ada", entered, leave) } }
                untilSomebodyWaits("ada")
                leave.complete(Unit)

                assertThat(all.awaitAll()).containsOnly("stayed")
            }
        } finally {
            thread.shutdown()
        }
        assertNothingIsLeft()
    }

    @Test
    fun `the running thread knows the lock, also after a suspension`() {
        runBlocking(Dispatchers.Default) {
            assertThat(points.held("ada")).containsExactly("points[ada]", "points[ada]")
            assertThat(points.blockingInside("ada")).isEqualTo("again")
        }
        assertNothingIsLeft()
    }

    @Test
    fun `what happens to a busy lock`() {
        runBlocking(Dispatchers.Default) {
            points.skipped("ada")
            val entered = CompletableDeferred<Unit>()
            val leave = CompletableDeferred<Unit>()
            val holder = async { points.stay("ada", entered, leave) }
            entered.await()

            points.skipped("ada")
            assertThat(points.orSuspending("ada")).isEqualTo("instead for ada")
            assertThat(points.orAtOnce("ada")).isEqualTo("busy: true")

            leave.complete(Unit)
            holder.await()
            assertThat(points.orSuspending("ada")).isEqualTo("itself")
            assertThat(points.orAtOnce("ada")).isEqualTo("itself")
        }
        assertThat(points.total).isEqualTo(1)
        assertNothingIsLeft()
    }

    @Test
    fun `a function whose lock is lost can be cancelled`() {
        val seen = CountDownLatch(1)
        assertThatThrownBy {
                runBlocking(Dispatchers.Default) {
                    try {
                        points.untilLost("ada")
                    } catch (lost: LockLostException) {
                        withContext(Dispatchers.IO) { seen.countDown() } // the caller itself goes on
                        throw lost
                    }
                }
            }
            .isInstanceOf(LockLostException::class.java)
        assertThat(seen.await(0, TimeUnit.SECONDS)).isTrue()
        assertNothingIsLeft()
    }

    @Test
    fun `a cancelled coroutine hears of its own cancellation`() {
        assertThatThrownBy {
                runBlocking(Dispatchers.Default) {
                    val entered = CompletableDeferred<Unit>()
                    val holder = async { points.stay("ada", entered, CompletableDeferred()) }
                    entered.await()
                    holder.cancel(CancellationException("enough"))
                    holder.await()
                }
            }
            .isInstanceOf(CancellationException::class.java)
            .hasMessage("enough")
        assertNothingIsLeft()
    }
}
