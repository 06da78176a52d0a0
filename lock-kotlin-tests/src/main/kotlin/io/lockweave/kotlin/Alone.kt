package io.lockweave.kotlin

import java.util.concurrent.atomic.AtomicInteger

/** Counts who is inside. */
class Alone {

    private val inside = AtomicInteger()
    private val seen = AtomicInteger()

    val most: Int
        get() = seen.get()

    inline fun <T> here(block: () -> T): T {
        enter()
        try {
            return block()
        } finally {
            leave()
        }
    }

    fun enter() {
        val now = inside.incrementAndGet()
        seen.accumulateAndGet(now, Math::max)
    }

    fun leave() {
        inside.decrementAndGet()
    }
}
