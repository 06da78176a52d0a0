package io.lockweave.weaving.program;

import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.Lockweave;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.invoke.Application;
import io.lockweave.invoke.Applications;
import io.lockweave.invoke.ConfiguredEnvironment;
import io.lockweave.invoke.OwnLoader;
import io.lockweave.invoke.program.Shop;
import io.lockweave.spi.LockBackendFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Deploys applications again and again while the threads of the JVM live on, and prints how many could be collected.
 */
public final class Redeploys {

    private static final int TIMES = 20;
    private static final int THREADS = 4;
    private static final ClassLoader HERE = Redeploys.class.getClassLoader();
    private static final Predicate<String> ALL = name -> name.startsWith("io.lockweave.");
    private static final Predicate<String> SHOP = Shop.class.getName()::equals;
    private static final Predicate<String> EVENT = Event.class.getName()::equals;

    private static final ExecutorService POOL = Executors.newFixedThreadPool(THREADS);

    private Redeploys() {}

    /** What plugins hand over. */
    public static final class Event {
        public int getId() {
            return 7;
        }
    }

    @Locked(name = "event", key = "#event.id")
    static void property(Object event) {}

    @Locked(name = "event", key = "#event?.id + 'x'", condition = "#event.id > 0")
    static void expression(Object event) {}

    /** Argument: a folder for what the applications bring. */
    public static void main(String[] args) throws Throwable {
        Path folder = Path.of(args[0]);
        print("with a Lockweave of its own, ended by reset", folder, ALL, loader -> {
            onAllThreads(() -> sell(loader));
            OwnLoader.call(loader.loadClass(Ending.class.getName()), "end");
        });

        Path store = Files.createDirectories(folder.resolve("store"));
        Files.writeString(store.resolve("lockweave.properties"), "lockweave.backend=shelf");
        Files.writeString(
                Files.createDirectories(store.resolve("META-INF/services")).resolve(LockBackendFactory.class.getName()),
                "io.lockweave.config.BackendLocksTest$Shelf");
        print("with a store, ended by reset", store, ALL, loader -> {
            onAllThreads(() -> sell(loader));
            OwnLoader.call(loader.loadClass(Ending.class.getName()), "end");
        });
        print("below a shared Lockweave", folder, SHOP, loader -> onAllThreads(() -> sell(loader)));
        print("below a shared Lockweave with a store", store, SHOP, loader -> onAllThreads(() -> sell(loader)));
        print("with a container", folder, SHOP, loader -> {
            Locks locks = Locks.local();
            try (Application application = Applications.open(
                    "a", loader, new ConfiguredEnvironment(LockweaveConfig.ofProgram(), backend -> locks))) {
                onAllThreads(() -> sell(loader));
                Thread.currentThread().setContextClassLoader(loader);
                Shop.sell();
                application.adopt(loader.loadClass(Shop.class.getName())
                        .getDeclaredConstructor()
                        .newInstance());
            } finally {
                Thread.currentThread().setContextClassLoader(HERE);
                locks.close();
            }
        });
        Lockweave.reset();
        print(
                "arguments, by property",
                folder,
                EVENT,
                loader -> onAllThreads(() -> {
                    property(event(loader));
                    return null;
                }));
        print(
                "arguments, by expression",
                folder,
                EVENT,
                loader -> onAllThreads(() -> {
                    expression(event(loader));
                    return null;
                }));
        POOL.shutdown();
    }

    /** Ends the Lockweave that it was loaded with. */
    public static final class Ending {
        public static void end() {
            Lockweave.reset();
        }
    }

    private static Object sell(ClassLoader loader) throws Exception {
        try {
            return OwnLoader.call(loader.loadClass(Shop.class.getName()), "sell");
        } catch (Error | Exception e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object event(ClassLoader loader) throws Exception {
        return loader.loadClass(Event.class.getName()).getDeclaredConstructor().newInstance();
    }

    private static void onAllThreads(Callable<?> call) throws Exception {
        List<Callable<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 50 * THREADS; i++) {
            calls.add(() -> call.call());
        }
        for (var done : POOL.invokeAll(calls)) {
            done.get();
        }
    }

    private interface Deployment {
        void run(OwnLoader loader) throws Throwable;
    }

    private static void print(String what, Path resources, Predicate<String> own, Deployment deployment)
            throws Throwable {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            loaders.add(deploy(resources, own, deployment));
        }
        long left = TIMES;
        for (int i = 0; i < 100 && left > 0; i++) {
            System.gc();
            Thread.sleep(20); // the collector's own threads finish what it began
            left = loaders.stream().filter(loader -> loader.get() != null).count();
        }
        System.out.println(what + "=" + (TIMES - left) + " of " + TIMES);
    }

    private static WeakReference<ClassLoader> deploy(Path resources, Predicate<String> own, Deployment deployment)
            throws Throwable {
        try (OwnLoader loader = new OwnLoader(HERE, resources, own)) {
            deployment.run(loader);
            return new WeakReference<>(loader);
        }
    }
}
