package io.lockweave.kotlin

import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** What Kotlin has and Java has not. */
class WovenShapesTest {

    @RegisterExtension @JvmField val local = LocksOfTest()

    @Test
    fun `a function outside of classes, and a data class as a key`() {
        assertThat(topLevel(Account("a", 7))).isEqualTo("a: account[Account(bank=a, number=7)]")
    }

    @Test
    fun `an extension`() {
        assertThat(runBlocking { Account("a", 7).extended() }).isEqualTo("account[7]")
    }

    @Test
    fun `a default argument`() {
        assertThat(runBlocking { withDefault(User(7)) }).isEqualTo("user[7]user[7]")
        assertThat(runBlocking { withDefault(User(7), 1) }).isEqualTo("user[7]")
    }

    @Test
    fun `a nullable parameter, an object, a static function, one that can be overridden`() {
        assertThat(runBlocking { Shapes.nullable(null) }).isEqualTo("user[nobody]")
        assertThat(runBlocking { Shapes.nullable(User(7)) }).isEqualTo("user[7]")
        assertThat(Shapes.static(7)).isEqualTo("user[7]")
        assertThat(runBlocking { OpenShapes().open(7) }).isEqualTo("user[7]")
    }
}
