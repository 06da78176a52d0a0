package io.lockweave.weaving.program;

import io.lockweave.invoke.Applications;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Runs locked methods of a class in a loader of its own, drops the loader, and prints whether it can be collected. */
public final class ForgottenClasses {

    private ForgottenClasses() {}

    public static void main(String[] args) throws Throwable {
        WeakReference<ClassLoader> loader = use(Path.of(args[0]), args[1]);
        for (int i = 0; i < 100 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(20); // the collector's own threads finish what it began
        }
        System.out.println("collected=" + (loader.get() == null));
    }

    private static WeakReference<ClassLoader> use(Path folder, String name) throws Throwable {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Class<?> type = loader.loadClass(name);
            Object target = type.getDeclaredConstructor().newInstance();
            for (Method method : type.getDeclaredMethods()) {
                for (int i = 0;
                        i < 200 && method.getParameterCount() == 1;
                        i++) { // often enough for compiled expressions
                    Applications.invoker(type, target).invoke(method, target, new Object[] {target}, () -> null);
                }
            }
            return new WeakReference<>(loader);
        }
    }
}
