package io.lockweave.spring.aop.woven;

import io.lockweave.LockKey;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.spring.EnableLocking;
import io.lockweave.spring.Points;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A program that is started with the load-time weaver. Prints what became of its locks. */
@Configuration
@EnableLocking(mode = AdviceMode.ASPECTJ)
public class WovenApplication {

    /** Methods that no proxy sees. */
    static final class Points {

        private final ObjectProvider<Locks> locks;

        Points(ObjectProvider<Locks> locks) {
            this.locks = locks;
        }

        boolean selfInvoked() {
            return hidden("ann");
        }

        @Locked(name = "user", key = "@tenant + #user")
        private boolean hidden(String user) {
            return locks.getObject().isLocked(LockKey.of("user", "acme/ann"));
        }
    }

    @Bean
    String tenant() {
        return "acme/";
    }

    @Bean
    Points points(ObjectProvider<Locks> locks) {
        return new Points(locks);
    }

    /** A bean whose lock would be inside of its monitor. */
    static class InMonitor {

        @Locked(name = "user", key = "#user")
        synchronized String locked(String user) {
            return user;
        }
    }

    /** The program, with the beans it is asked for. */
    public static void main(String[] args) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(WovenApplication.class);
            if (args.length > 0) {
                context.register(InMonitor.class);
            }
            context.refresh();
            Points points = context.getBean(Points.class);
            System.out.println("class=" + points.getClass().getSimpleName());
            System.out.println("locked=" + points.selfInvoked());
        }
    }
}
