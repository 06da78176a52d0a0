package io.lockweave.kotlin

import io.lockweave.Locks
import io.lockweave.spring.EnableLocking
import java.util.function.Supplier
import org.springframework.context.annotation.AnnotationConfigApplicationContext
import org.springframework.context.annotation.Configuration

@Configuration(proxyBeanMethods = false) @EnableLocking open class Locking

/** An application with locks of this JVM and these beans, which is to be started. */
fun lockingContext(vararg beans: Class<*>) =
    AnnotationConfigApplicationContext().apply {
        register(Locking::class.java, *beans)
        registerBean(Locks::class.java, Supplier { Locks.local() })
    }

/** The same with [LockedPoints], which call themselves through their proxy. */
fun pointsContext(vararg beans: Class<*>) =
    lockingContext(*beans).apply {
        registerBean(
            "points",
            LockedPoints::class.java,
            Supplier { LockedPoints({ getBean(Locks::class.java) }, { getBean(Points::class.java) }) },
        )
    }
