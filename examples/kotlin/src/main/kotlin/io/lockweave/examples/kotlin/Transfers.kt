package io.lockweave.examples.kotlin

import io.lockweave.WeavingCheck
import kotlin.concurrent.thread
import kotlin.random.Random
import kotlin.system.exitProcess
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

private const val OPENING = 100
private const val COROUTINES = 16
private const val TRANSFERS = 500
private const val DEPOSITS = 1_000

/** Coroutines move coins between accounts while a thread pays some in; fails if a coin is lost or made. */
fun main() {
    WeavingCheck.require(Bank::class.java)
    val accounts = listOf("Ada", "Bob", "Cleo", "Dan").map { Account(it) }
    val bank = Bank(accounts, OPENING)

    val payer = thread { repeat(DEPOSITS) { bank.deposit(accounts.first(), 1) } }
    runBlocking(Dispatchers.Default) {
        repeat(COROUTINES) { number ->
            launch {
                val random = Random(number)
                repeat(TRANSFERS) {
                    val (from, to) = accounts.shuffled(random)
                    bank.transfer(from, to)
                }
            }
        }
    }
    payer.join()

    val expected = accounts.size * OPENING + DEPOSITS
    val found = accounts.sumOf { bank.balance(it) }
    println("${COROUTINES * TRANSFERS} transfers and $DEPOSITS deposits: $found coins, $expected expected")
    exitProcess(if (found == expected) 0 else 1)
}
