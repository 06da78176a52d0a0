package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import io.lockweave.config.BackendLocks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.config.ProgramFile;
import io.lockweave.config.ProgramLoaders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The applications of this JVM that have no container, one for each {@code lockweave.properties}: classes that see the
 * same file have the same locks. Those that see none share one, which system properties alone configure. Safe for use
 * from any thread.
 */
final class ConfiguredApplications {

    /**
     * What was found.
     *
     * @param application the application
     * @param byContext whether that depended on the thread's context loader
     */
    record Found(Application application, boolean byContext) {}

    /** An application, what it was made from, and the loaders of the classes that used it. */
    private record Entry(
            Set<String> files,
            LockweaveConfig config,
            BackendLocks locks,
            Application application,
            Set<ClassLoader> users) {

        boolean isUsedBelow(ClassLoader loader) {
            return users.stream().anyMatch(user -> ProgramLoaders.isAbove(loader, user));
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Entry> entries = new ArrayList<>();

    /**
     * The application of a class, made now if it is new.
     *
     * @param containerEnded whether the class belonged to a container that has closed
     * @throws LockUsageException if the configuration is wrong, or not the same for all who look for it
     */
    Found find(Class<?> type, boolean containerEnded) {
        ProgramLoaders all = ProgramLoaders.of(type);
        ProgramFile file = ProgramFile.find(all);
        boolean byContext = ProgramFile.find(ProgramLoaders.ofClass(type)).isMissing();
        ClassLoader loader = ProgramLoaders.loaderOf(type);
        lock.lock();
        try {
            if (byContext && !file.isMissing()) {
                refuseChange(type, loader, file);
            }
            Entry entry = known(file, loader, type);
            if (entry == null) {
                entry = make(file, all, loader);
            }
            if (containerEnded && !entry.config.backendChosen()) {
                throw new LockUsageException(
                        "The application that " + type.getName()
                                + " belonged to has closed, and no lockweave.backend is"
                                + " configured for what comes after it: the lock would work inside this JVM only",
                        "end the work of an application before it closes, or set lockweave.backend; where one"
                                + " test comes"
                                + " after another, call Lockweave.reset() in between");
            }
            entry.users.add(loader);
            if (byContext && !file.isMissing()) {
                entry.users.add(ProgramLoaders.context());
            }
            return new Found(entry.application, byContext);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Entry known(ProgramFile file, ClassLoader loader, Class<?> type) {
        if (file.isMissing()) {
            List<Entry> below = entries.stream()
                    .filter(entry -> !entry.files.isEmpty() && entry.isUsedBelow(loader))
                    .toList();
            if (below.size() > 1) {
                throw new LockUsageException(
                        "Several applications of this JVM use " + type.getName() + ", and the thread's context loader"
                                + " does not say which of them calls it: "
                                + below.stream().map(entry -> entry.application).toList(),
                        "set the context loader of the thread, or give each application the class in its own loader");
            }
            if (!below.isEmpty()) {
                return below.get(0);
            }
        }
        return entries.stream()
                .filter(entry ->
                        file.isMissing() ? entry.files.isEmpty() : !Collections.disjoint(entry.files, file.places()))
                .findFirst()
                .orElse(null);
    }

    /** Whoever looked first found no file: what was locked since then excluded nobody outside. */
    private void refuseChange(Class<?> type, ClassLoader loader, ProgramFile file) {
        if (entries.stream().anyMatch(entry -> entry.files.isEmpty() && entry.users.contains(loader))) {
            throw new LockUsageException(
                    "The context loader of this thread sees " + file.places() + ", but " + type.getName()
                            + " was locked before by a thread that saw no such file",
                    "put the file where the class loader of " + type.getName()
                            + " sees it, or set the context loader of" + " all threads that call it");
        }
    }

    private Entry make(ProgramFile file, ProgramLoaders loaders, ClassLoader home) {
        LockweaveConfig config = LockweaveConfig.of(file, loaders);
        BackendLocks locks = BackendLocks.ofProgram(config);
        String name = file.isMissing() ? "The program without a file" : "The program of " + file.places();
        Application application = new Application(
                name, Application.Kind.CONFIGURED, home, new ConfiguredEnvironment(config, loaders, locks::get));
        Entry entry = new Entry(
                new HashSet<>(file.places()),
                config,
                locks,
                application,
                Collections.newSetFromMap(new WeakHashMap<>()));
        entries.add(entry);
        return entry;
    }

    /** Whether classes of this loader, or below it, have used one. */
    boolean isUsedBy(ClassLoader home) {
        lock.lock();
        try {
            return entries.stream().anyMatch(entry -> entry.isUsedBelow(home));
        } finally {
            lock.unlock();
        }
    }

    /** Closes those that only classes of this loader, or below it, have used. */
    void close(ClassLoader home) {
        List<Entry> unused = new ArrayList<>();
        lock.lock();
        try {
            entries.forEach(entry -> entry.users.removeIf(user -> ProgramLoaders.isAbove(home, user)));
            // not removeAll: the JDK's equals of records keeps the record's class
            entries.removeIf(entry -> entry.users.isEmpty() && unused.add(entry));
        } finally {
            lock.unlock();
        }
        for (Entry entry : unused) {
            entry.application.close();
            entry.locks.close();
        }
    }
}
