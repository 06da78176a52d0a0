package io.lockweave.kotlin

import io.lockweave.Locks
import io.lockweave.spring.EnableLocking
import java.util.function.Supplier
import org.junit.jupiter.api.AfterEach
import org.springframework.context.annotation.AnnotationConfigApplicationContext
import org.springframework.context.annotation.Configuration

class ProxiedSuspensionTest : SuspensionContract() {

    private val context = AnnotationConfigApplicationContext()

    init {
        context.register(Locking::class.java)
        context.registerBean(Locks::class.java, Supplier { Locks.local() })
        context.registerBean(
            "points",
            ProxiedPoints::class.java,
            Supplier {
                ProxiedPoints(
                    { context.getBean(Locks::class.java) },
                    { context.getBean(Points::class.java) },
                )
            },
        )
        context.refresh()
    }

    override val locks: Locks = context.getBean(Locks::class.java)
    override val points: Points = context.getBean(Points::class.java)

    @AfterEach
    fun close() {
        context.close()
    }

    @Configuration(proxyBeanMethods = false)
    @EnableLocking
    class Locking
}
