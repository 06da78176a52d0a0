package io.lockweave.kotlin

import io.lockweave.HeldLock
import io.lockweave.Locked

/** A key that is a data class. */
data class Account(val bank: String, val number: Int)

/** Somebody who is locked by a property. */
class User(val id: Long)

private fun held(): String = HeldLock.current().map { it.key().toString() }.orElse("none")

@Locked(name = "account", key = "#account")
fun topLevel(account: Account): String = "${account.bank}: ${held()}"

@Locked(name = "account", key = "#p0.number")
suspend fun Account.extended(): String = held()

@Locked(name = "user", key = "#user.id")
suspend fun withDefault(user: User, times: Int = 2): String = held().repeat(times)

/** Functions of an object, of a companion and of a nullable parameter. */
object Shapes {

    @Locked(name = "user", key = "#user?.id ?: 'nobody'")
    suspend fun nullable(user: User?): String = held()

    @JvmStatic
    @Locked(name = "user", key = "#id")
    fun static(id: Long): String = held()
}

/** Whose functions may be overridden: Kotlin puts their bodies elsewhere. */
open class OpenShapes {

    @Locked(name = "user", key = "#id")
    open suspend fun open(id: Long): String {
        kotlinx.coroutines.yield()
        return held()
    }
}
