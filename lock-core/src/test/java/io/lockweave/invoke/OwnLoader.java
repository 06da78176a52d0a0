package io.lockweave.invoke;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The loader of an application: some classes of these tests are its own, and resources of a folder. */
public final class OwnLoader extends URLClassLoader {

    private final Predicate<String> own;

    public OwnLoader(ClassLoader parent, Path resources, Predicate<String> own) throws MalformedURLException {
        super(new URL[] {resources.toUri().toURL()}, parent);
        this.own = own;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null || !own.test(name)) {
                return known != null ? known : super.loadClass(name, resolve);
            }
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = OwnLoader.class.getClassLoader().getResourceAsStream(file)) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** Calls a static method without parameters; what it throws comes out as it is. */
    public static Object call(Class<?> type, String method) throws Throwable {
        return call(type, method, null);
    }

    /** Calls a method without parameters on an object; what it throws comes out as it is. */
    public static Object call(Class<?> type, String method, Object target) throws Throwable {
        try {
            return type.getMethod(method).invoke(target);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
