package io.lockweave;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes sure that {@link Locked} methods are woven and that what they say is right, in a test, in a build or when a
 * program starts: an annotation that no weaver has seen would do nothing. Not for classes that a container's proxies
 * lock.
 */
public final class WeavingCheck {

    private WeavingCheck() {}

    /**
     * Fails if a method of these classes, declared there or inherited, is to be locked and is not: because it was not
     * woven, because the annotation is on a method that the class implements or overrides without it, or because the
     * method is {@code synchronized} as well. Fails also if what the annotation says cannot work: an expression, a
     * time, a fallback. Loads the classes.
     *
     * @throws LockUsageException naming every such method, and what to do; what else is wrong is suppressed in it
     */
    public static void require(Class<?>... classes) {
        check(List.of(classes), true).require();
    }

    /**
     * As {@link #require} for all classes in the folder or jar that this one was loaded from, for example all of a
     * program. What has no body counts where it is implemented.
     *
     * @throws LockUsageException also if the place cannot be read or a class in it cannot be loaded
     */
    public static void requireAllBeside(Class<?> one) {
        check(ClassesBeside.of(one), false).require();
    }

    /**
     * As {@link #requireAllBeside} for all classes of a package and of those below it, wherever the class path has
     * them.
     *
     * @param loader whose classes: that of a test, for example
     * @param name the name of the package: {@code com.acme}
     * @throws LockUsageException also if there are none
     */
    public static void requirePackage(ClassLoader loader, String name) {
        check(ClassesBeside.ofPackage(loader, name), false).require();
    }

    /** Whether a weaver has put the aspect for locks around the method. */
    public static boolean isWoven(Method method) {
        return WovenMarks.on(method);
    }

    private static WeavingReport check(List<? extends Class<?>> classes, boolean asked) {
        WeavingReport report = new WeavingReport();
        classes.forEach(type -> report.add(type, asked));
        return report;
    }

    /**
     * For builds: {@code java -cp CLASSPATH io.lockweave.WeavingCheck target/classes}. Prints the methods that are not
     * woven, one a line, and what else is wrong. Ends the JVM with 1 if there is any, with 2 if the classes cannot be
     * read.
     *
     * @param places folders and jars with classes that the class path has too, or that need nothing beside it
     */
    @SuppressWarnings("SystemOut")
    public static void main(String... places) {
        System.exit(run(places));
    }

    @SuppressWarnings("SystemOut")
    static int run(String... places) {
        if (places.length == 0) {
            System.err.println("Usage: java -cp CLASSPATH io.lockweave.WeavingCheck FOLDER-OR-JAR...");
            return 2;
        }
        WeavingReport report = new WeavingReport();
        try (URLClassLoader loader = loader(places)) {
            for (String place : places) {
                ClassesBeside.in(Path.of(place), loader).forEach(type -> report.add(type, false));
            }
        } catch (LockUsageException | IOException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        report.unwoven().forEach(method -> System.out.println("not woven: " + method));
        report.problems().forEach(problem -> System.out.println(problem.getMessage()));
        System.out.println(
                report.size() + " locked methods, " + report.problems().size() + " problems");
        return report.problems().isEmpty() ? 0 : 1;
    }

    private static URLClassLoader loader(String... places) throws MalformedURLException {
        URL[] urls = new URL[places.length];
        for (int i = 0; i < places.length; i++) {
            Path place = Path.of(places[i]);
            if (!Files.exists(place)) {
                throw new LockUsageException(place + " is not there", "name a folder or a jar with classes");
            }
            urls[i] = place.toUri().toURL();
        }
        return new URLClassLoader(urls, WeavingCheck.class.getClassLoader());
    }
}
