package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import io.lockweave.config.ProgramLoaders;
import io.lockweave.spi.container.LockEnvironment;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The applications of this JVM. A locked call belongs to the application that its object belongs to. Else it belongs to
 * the one open for the class loader of the method's class, or for one above that; for a class that applications share,
 * to that of the thread's context loader or to the only one below. Where none is open, {@link ConfiguredApplications}
 * makes one from properties. Two that could both be meant are an error: a lock of the wrong one excludes nobody.
 */
public final class Applications {

    private static final List<Application> OPEN = new CopyOnWriteArrayList<>();
    private static final Belongings BELONGINGS = new Belongings();
    private static final ConfiguredApplications CONFIGURED = new ConfiguredApplications();

    /** Loaders whose containers have closed, and that had no locks before those. */
    private static final Set<ClassLoader> ENDED =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Counts what may change whom a class belongs to. */
    private static final AtomicInteger CHANGES = new AtomicInteger();

    private static final ClassValue<Known> KNOWN = new ClassValue<>() {
        @Override
        protected Known computeValue(Class<?> type) {
            return new Known();
        }
    };

    private Applications() {}

    /**
     * Opens an application for a container, until it is closed.
     *
     * @param name what it is, for messages: {@code Application context "shop"}
     * @param home the loader of its classes
     */
    public static Application open(String name, ClassLoader home, LockEnvironment environment) {
        return add(new Application(name, Application.Kind.CONTAINER, home, environment));
    }

    /** Opens one by hand, in place of one that was opened so before, for the classes of the user's loader and below. */
    public static void use(Class<?> user, LockEnvironment environment) {
        ClassLoader home = ProgramLoaders.loaderOf(user);
        stopUsing(home);
        add(new Application("What Lockweave.use was given", Application.Kind.BY_HAND, home, environment));
    }

    /** Closes what was opened by hand or made from properties for the classes of the user's loader and below. */
    public static void reset(Class<?> user) {
        ClassLoader home = ProgramLoaders.loaderOf(user);
        stopUsing(home);
        CONFIGURED.close(home);
        ENDED.removeIf(ended -> ProgramLoaders.isAbove(home, ended));
        changed();
    }

    private static void stopUsing(ClassLoader home) {
        OPEN.stream()
                .filter(open -> open.kind() == Application.Kind.BY_HAND && open.home() == home)
                .forEach(Application::close);
    }

    private static Application add(Application application) {
        OPEN.add(application);
        changed();
        return application;
    }

    static void closed(Application application) {
        ClassLoader home = application.home();
        if (OPEN.remove(application)
                && application.kind() == Application.Kind.CONTAINER
                && home != null
                && !CONFIGURED.isUsedBy(home)) {
            ENDED.add(home);
        }
        changed();
    }

    static void adopt(Application application, Object target) {
        if (BELONGINGS.add(application, target)) {
            changed();
        }
    }

    static void changed() {
        CHANGES.incrementAndGet();
    }

    /** What the locked methods of a class need, where no object says more. */
    public static LockEnvironment environment(Class<?> type) {
        return of(type, null).environment();
    }

    /**
     * Who runs a locked method of this class, called on this object, or on none if it is static.
     *
     * @throws LockUsageException if its application has closed, or if it cannot be said which one it belongs to
     */
    public static LockedInvoker invoker(Class<?> type, @Nullable Object target) {
        return of(type, target).invoker();
    }

    private static Application of(Class<?> type, @Nullable Object target) {
        Known known = KNOWN.get(type);
        Choice choice = known.choice;
        if (choice == null || !choice.holds(CHANGES.get())) {
            choice = choose(type);
            known.choice = choice;
        }
        Application own = choice.asksObject && target != null ? BELONGINGS.of(target) : null;
        Application application = own == null ? choice.application() : own;
        if (application == null) {
            throw unclear(type, candidates(ProgramLoaders.loaderOf(type)));
        }
        return application;
    }

    private static Choice choose(Class<?> type) {
        int changes = CHANGES.get();
        ClassLoader loader = ProgramLoaders.loaderOf(type);
        List<Application> open = candidates(loader);
        if (open.isEmpty()) {
            ConfiguredApplications.Found found = CONFIGURED.find(type, ended(loader));
            return new Choice(changes, found.byContext(), found.application(), BELONGINGS.mayBeOfOthers(null));
        }
        Application only = open.size() == 1 ? open.get(0) : null;
        boolean asksObject =
                only == null || (only.kind() != Application.Kind.BY_HAND && BELONGINGS.mayBeOfOthers(only));
        return only != null
                ? new Choice(changes, false, only, asksObject)
                : new Choice(changes, true, inContext(open), asksObject);
    }

    private static boolean ended(ClassLoader loader) {
        synchronized (ENDED) { // what iterating over such a set asks for; nobody waits in here
            return ENDED.stream()
                    .anyMatch(ended -> ProgramLoaders.isAbove(ended, loader) || ProgramLoaders.isAbove(loader, ended));
        }
    }

    /** Those that are open for a loader: of the nearest one above that has any, else of those below. */
    private static List<Application> candidates(ClassLoader loader) {
        for (ClassLoader at = loader; at != null; at = at.getParent()) {
            ClassLoader home = at;
            List<Application> here = preferred(open -> open.home() == home);
            if (!here.isEmpty()) {
                return here;
            }
        }
        return preferred(open -> ProgramLoaders.isAbove(loader, open.home()));
    }

    private static List<Application> preferred(Predicate<Application> condition) {
        List<Application> all = OPEN.stream().filter(condition).toList();
        for (Application one : all) {
            if (one.kind() == Application.Kind.BY_HAND) {
                return List.of(one);
            }
        }
        List<Application> awake = all.stream().filter(open -> !open.isPaused()).toList();
        return awake.isEmpty() ? all : awake;
    }

    /** The one of the thread's context loader, if there is such a one. */
    private static @Nullable Application inContext(List<Application> open) {
        for (ClassLoader at = Thread.currentThread().getContextClassLoader(); at != null; at = at.getParent()) {
            ClassLoader home = at;
            List<Application> here =
                    open.stream().filter(one -> one.home() == home).toList();
            if (!here.isEmpty()) {
                return here.size() == 1 ? here.get(0) : null;
            }
        }
        return null;
    }

    private static LockUsageException unclear(Class<?> type, List<Application> open) {
        return new LockUsageException(
                "Several applications of this JVM are open for " + type.getName()
                        + ", and the call does not say which of" + " them is meant: " + open,
                "call the locked method on a bean of one of them, weave for one of them only"
                        + " (lockweave.mode), give each"
                        + " a class loader of its own, or close one before the other opens (in tests:"
                        + " @DirtiesContext)");
    }

    /** What is known of a class. */
    private static final class Known {
        volatile @Nullable Choice choice;
    }

    /** Whom a class belongs to; held weakly, since the class may live longer. */
    private static final class Choice {

        private final int changes;
        private final @Nullable WeakReference<ClassLoader> context;
        private final @Nullable WeakReference<Application> application;
        final boolean asksObject;

        Choice(int changes, boolean byContext, @Nullable Application application, boolean asksObject) {
            this.changes = changes;
            this.context =
                    byContext ? new WeakReference<>(Thread.currentThread().getContextClassLoader()) : null;
            this.application = application == null ? null : new WeakReference<>(application);
            this.asksObject = asksObject;
        }

        boolean holds(int now) {
            return changes == now
                    && (context == null
                            || context.refersTo(Thread.currentThread().getContextClassLoader()))
                    && (application == null || !application.refersTo(null));
        }

        @Nullable
        Application application() {
            return application == null ? null : application.get();
        }
    }
}
