package io.lockweave.spring.aop.woven;

import io.lockweave.HeldLock;
import io.lockweave.Locked;
import io.lockweave.spring.EnableLocking;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** Several contexts of one JVM whose classes are woven. Prints whose locks the methods have used. */
@Configuration
@EnableLocking(mode = AdviceMode.ASPECTJ)
public class WovenContexts {

    /** Says the name that its application gives to locks. */
    public static final class Counter {

        private final String atStart = ofObject();

        @Locked(name = "${app}")
        private String ofObject() {
            return HeldLock.current().orElseThrow().key().name();
        }

        @Locked(name = "${app}")
        static String ofClass() {
            return HeldLock.current().orElseThrow().key().name();
        }
    }

    @Bean
    Counter counter() {
        return new Counter();
    }

    private static AnnotationConfigApplicationContext open(String name, ApplicationContext parent) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.setParent(parent);
        context.setDisplayName(name);
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("own", Map.of("app", name)));
        context.register(WovenContexts.class);
        context.refresh();
        return context;
    }

    private static void print(String what, Callable<String> call) {
        String outcome;
        try {
            outcome = call.call();
        } catch (Exception e) {
            outcome = e.getClass().getSimpleName() + " " + e.getMessage();
        }
        System.out.println(what + "=" + outcome);
    }

    /** The program. */
    public static void main(String[] args) {
        AnnotationConfigApplicationContext a = open("a", null);
        Counter ofA = a.getBean(Counter.class);
        print("one alone, class", Counter::ofClass);
        print("one alone, constructor", () -> ofA.atStart);

        a.stop();
        AnnotationConfigApplicationContext b = open("b", null);
        Counter ofB = b.getBean(Counter.class);
        print("first rests, class", Counter::ofClass);
        print("first rests, its bean", ofA::ofObject);
        print("first rests, other bean", ofB::ofObject);
        b.stop();
        a.start();
        print("second rests, class", Counter::ofClass);
        b.start();
        print("both, first bean", ofA::ofObject);
        print("both, second bean", ofB::ofObject);
        print("both, class", Counter::ofClass);
        b.close();
        print("second closed, class", Counter::ofClass);
        print("second closed, first bean", ofA::ofObject);
        print("second closed, its bean", ofB::ofObject);

        a.stop();
        AnnotationConfigApplicationContext child = open("child", a);
        Counter ofChild = child.getBean(Counter.class);
        a.start();
        print("child, its bean", ofChild::ofObject);
        print("child, bean of parent", ofA::ofObject);
        child.close();
        print("child closed, bean of parent", ofA::ofObject);
        print("child closed, class", Counter::ofClass);
        a.close();
        print("all closed, class", Counter::ofClass);
    }
}
