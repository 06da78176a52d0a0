package io.lockweave.examples.kotlin

import io.lockweave.Locked
import kotlinx.coroutines.yield

data class Account(val owner: String, val currency: String = "EUR")

/** Balances are read and written in steps, between which others run: only the lock of the account keeps them right. */
class Bank(accounts: Collection<Account>, opening: Int) {

    private val balances = accounts.associateWith { intArrayOf(opening) }

    /** Both accounts are locked together. A coroutine that waits for them suspends; no thread waits. */
    @Locked(name = "account", key = "{#from, #to}")
    suspend fun transfer(from: Account, to: Account, coins: Int = 1): Boolean {
        val before = balance(from) // under the lock, which it enters again
        if (before < coins) {
            return false
        }
        yield() // as a store would, to let others run
        set(from, before - coins)
        val other = balance(to)
        yield()
        set(to, other + coins)
        return true
    }

    /** An ordinary function: its thread waits. It and coroutines exclude each other. */
    @Locked(name = "account", key = "#account")
    fun deposit(account: Account, coins: Int) = set(account, balance(account) + coins)

    @Locked(name = "account", key = "#account")
    fun balance(account: Account): Int = balances.getValue(account)[0]

    private fun set(account: Account, coins: Int) {
        balances.getValue(account)[0] = coins
    }
}
