package io.lockweave.weaving.program;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.WeavingCheck;
import io.lockweave.weaving.program.Placements.Declared;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Calls every placement and prints what happened; run in JVMs of its own, woven in different ways or not at all. */
public final class WovenProgram {

    private static int total;

    private WovenProgram() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("check")) {
            print("check", () -> {
                WeavingCheck.require(Placements.class, Placements.Text.class);
                return "woven";
            });
            print("check of an interface alone", () -> {
                WeavingCheck.require(Placements.Implements.class);
                return "woven";
            });
            print("check of an abstract class", () -> {
                WeavingCheck.require(Placements.Abstract.class);
                return "woven";
            });
            print("check of interface and implementation", () -> {
                WeavingCheck.require(Placements.ImplementsLocked.class, Placements.UsesDefault.class);
                return "woven";
            });
            print("check of a plain override", () -> {
                WeavingCheck.require(Placements.Overriding.class);
                return "woven";
            });
            print("check of an overridden default method", () -> {
                WeavingCheck.require(Placements.OverridesDefault.class);
                return "woven";
            });
            print("check of overrides with the annotation", () -> {
                WeavingCheck.require(Placements.OverridingLocked.class, Placements.OverridesDefaultLocked.class);
                return "woven";
            });
            return;
        }
        Placements placements = new Placements();
        print("constructor", placements::fromConstructor);
        print("instance", () -> placements.instance("1"));
        print("self-invoked private", placements::selfInvoked);
        print("static", () -> Placements.ofClass("2"));
        print("self-invoked private static", () -> Placements.selfInvokedOfClass("3"));
        print("final", placements::unchangeable);
        print("varargs", () -> placements.varargs("4"));
        print("generic", () -> placements.generic(List.of("5")));
        print("exception", () -> {
            placements.throwing();
            return "";
        });
        print("primitive", () -> String.valueOf(placements.primitive(6)));
        print("repeated", placements::repeated);
        print("composed", () -> placements.composed("7"));
        print("composed twice", () -> placements.composedTwice("8"));
        print("composed of two", () -> placements.composedOfTwo("9"));
        print("later", () -> placements.later("10").get());
        Placements.Generic<String> bridged = new Placements.Text();
        print("bridge", () -> bridged.run("11"));
        print("overriding", () -> new Placements.Overriding().run());
        print("inherited", () -> new Placements.Overriding().inherited());
        print("overriding, both locked", () -> new Placements.OverridingLocked().run());
        print("default method", () -> new Placements.UsesDefault().run());
        Placements.WithDefault inherits = new Placements.UsesDefault();
        print("default method through its interface", () -> inherits.run());
        Placements.WithDefault overrides = new Placements.OverridesDefaultLocked();
        print("default method overridden with the annotation", () -> overrides.run());
        Placements.WithDefault without = new Placements.OverridesDefault();
        print("default method overridden without it", () -> without.run());
        print("static of an abstract class", () -> Placements.AbstractWithStatic.ofClass());
        Declared implemented = new Placements.Implements();
        print("interface alone", () -> implemented.run());
        print("interface alone, by a method handle", implemented::run);
        Declared locked = new Placements.ImplementsLocked();
        print("interface and implementation", () -> locked.run());
        Declared lambda = () -> Placements.key();
        print("lambda of a locked interface", () -> lambda.run());
        Placements.Abstract concrete = new Placements.Concrete();
        print("abstract class alone", () -> concrete.run());
        print("race", WovenProgram::race);
    }

    private static String race() throws InterruptedException {
        int threads = 8;
        int times = 2_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        for (int i = 0; i < threads; i++) {
            pool.execute(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int n = 0; n < times; n++) {
                    addOne();
                }
            });
        }
        start.countDown();
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.MINUTES);
        return "lost " + (threads * times - total);
    }

    @Locked(name = "total", waitTime = "1m")
    private static void addOne() {
        int before = total;
        Thread.onSpinWait();
        total = before + 1;
    }

    private static void print(String what, Callable<String> call) {
        String outcome;
        try {
            outcome = call.call();
        } catch (LockUsageException e) {
            outcome = "refused: " + e.getMessage();
        } catch (Exception e) {
            outcome = e.getClass().getSimpleName() + ": " + e.getMessage();
        }
        System.out.println(what + "=" + outcome);
    }
}
