package io.lockweave.kotlin

import io.lockweave.LockKey
import io.lockweave.Locks
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.springframework.transaction.TransactionDefinition
import org.springframework.transaction.reactive.AbstractReactiveTransactionManager
import org.springframework.transaction.reactive.GenericReactiveTransaction
import org.springframework.transaction.reactive.TransactionSynchronizationManager
import org.springframework.transaction.reactive.TransactionalOperator
import org.springframework.transaction.reactive.executeAndAwait
import reactor.core.publisher.Mono

/** A suspending function in a reactive transaction. */
@Timeout(60)
class ProxiedTransactionTest {

    /** Transactions of nothing. */
    class Transactions : AbstractReactiveTransactionManager() {

        override fun doGetTransaction(context: TransactionSynchronizationManager) = Any()

        override fun doBegin(
            context: TransactionSynchronizationManager,
            transaction: Any,
            definition: TransactionDefinition,
        ): Mono<Void> = Mono.empty()

        override fun doCommit(
            context: TransactionSynchronizationManager,
            status: GenericReactiveTransaction,
        ): Mono<Void> = Mono.empty()

        override fun doRollback(
            context: TransactionSynchronizationManager,
            status: GenericReactiveTransaction,
        ): Mono<Void> = Mono.empty()
    }

    @Test
    fun `its lock is held until the transaction has ended`() {
        val key = LockKey.of("points", "ada")
        pointsContext(Transactions::class.java).use { context ->
            context.refresh()
            val locks = context.getBean(Locks::class.java)
            val points = context.getBean(Points::class.java)
            val transaction = TransactionalOperator.create(context.getBean(Transactions::class.java))

            runBlocking(Dispatchers.Default) {
                transaction.executeAndAwait {
                    points.add("ada")
                    assertThat(locks.isLocked(key)).isTrue()
                    points.add("ada") // enters it again
                }
                while (locks.isLocked(key)) {
                    yield()
                }
                points.add("ada")
            }
            assertThat(points.total).isEqualTo(3)
        }
    }
}
