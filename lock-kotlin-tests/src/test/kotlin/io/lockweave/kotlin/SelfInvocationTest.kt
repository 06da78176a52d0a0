package io.lockweave.kotlin

import io.lockweave.Locked
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.springframework.core.env.MapPropertySource

/** Which suspending functions that call each other on one object pass by their proxy. */
class SelfInvocationTest {

    open class Points {

        @Locked(name = "points", key = "#user")
        open suspend fun add(user: String): Int {
            yield()
            yield()
            return user.length
        }
    }

    open class Direct : Points() {

        open suspend fun twice(user: String): Int {
            yield()
            return add(user) + 1
        }
    }

    open class InBranch : Points() {

        open suspend fun twice(user: String): Int = coroutineScope { async { add(user) }.await() }
    }

    private fun start(bean: Class<*>) {
        lockingContext(bean).use {
            val settings = mapOf<String, Any>("lockweave.self-invocation" to "error")
            it.environment.propertySources.addFirst(MapPropertySource("test", settings))
            it.refresh()
        }
    }

    @Test
    fun `a function that goes on is no call of another`() {
        start(Points::class.java)
    }

    @ParameterizedTest
    @ValueSource(classes = [Direct::class, InBranch::class])
    fun `a call on the object itself is told`(bean: Class<*>) {
        assertThatThrownBy { start(bean) }
            .hasStackTraceContaining("calls io.lockweave.kotlin.SelfInvocationTest\$Points.add(String, Continuation)")
    }
}
