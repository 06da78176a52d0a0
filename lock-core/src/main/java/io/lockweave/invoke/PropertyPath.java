package io.lockweave.invoke;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A parameter and properties of it, {@code #user.address.city}, read without SpEL. Only where the declared types prove
 * that every object that can come reads alike: a getter, which subclasses can override but not hide; the accessor of a
 * record or of another final class; a public field of a final class. All other paths are SpEL's.
 */
final class PropertyPath {

    private static final Pattern PATH = Pattern.compile("#(\\w+)((?:\\??\\.[a-z](?:[a-z0-9_]\\w*)?)*)");
    private static final Pattern STEP = Pattern.compile("(\\??)\\.(\\w+)");
    private static final MethodType READ = MethodType.methodType(Object.class, Object.class);

    private final String parameterName;
    private final int parameter;
    private final Step[] steps;

    private PropertyPath(String parameterName, int parameter, List<Step> steps) {
        this.parameterName = parameterName;
        this.parameter = parameter;
        this.steps = steps.toArray(Step[]::new);
    }

    /** The path that the expression is, or null if it is none whose reading is certain. */
    static @Nullable PropertyPath of(String expression, MethodScope scope) {
        Matcher path = PATH.matcher(expression.strip());
        if (!path.matches()) {
            return null;
        }
        int parameter = scope.names().indexOf(path.group(1));
        if (parameter < 0) {
            return null;
        }
        List<Step> steps = new ArrayList<>();
        Class<?> type = scope.method().getParameterTypes()[parameter];
        Matcher step = STEP.matcher(path.group(2));
        while (step.find()) {
            MethodHandle read = reading(type, step.group(2));
            if (read == null) {
                return null;
            }
            type = read.type().returnType();
            steps.add(new Step(step.group(2), !step.group(1).isEmpty(), read.asType(READ)));
        }
        return new PropertyPath(path.group(1), parameter, steps);
    }

    private static @Nullable MethodHandle reading(Class<?> type, String name) {
        // what stands for a class or an optional value is read in ways of its own
        if (type.isPrimitive() || type.isArray() || type.isAssignableFrom(Class.class) || type == Optional.class) {
            return null;
        }
        String capitalized = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        Method getter = method(type, "get" + capitalized);
        if (getter != null || hasMethod(type, "get" + capitalized)) {
            return getter == null ? null : handle(getter);
        }
        if (!Modifier.isFinal(type.getModifiers()) || hasMethod(type, "is" + capitalized)) {
            return null;
        }
        if (hasMethod(type, name)) {
            Method accessor = method(type, name);
            return accessor == null ? null : handle(accessor);
        }
        Field field = Stream.of(type.getFields())
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElse(null);
        return field == null || Modifier.isStatic(field.getModifiers()) || field.getDeclaringClass() != type
                ? null
                : handle(field);
    }

    private static @Nullable Method method(Class<?> type, String name) {
        return Stream.of(type.getMethods())
                .filter(one -> one.getName().equals(name)
                        && one.getParameterCount() == 0
                        && !one.isBridge()
                        && !Modifier.isStatic(one.getModifiers())
                        && one.getReturnType() != void.class)
                .findFirst()
                .orElse(null);
    }

    private static boolean hasMethod(Class<?> type, String name) {
        return Stream.of(type.getMethods()).anyMatch(one -> one.getName().equals(name) && one.getParameterCount() == 0);
    }

    private static @Nullable MethodHandle handle(AccessibleObject member) {
        try {
            member.setAccessible(true);
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            return member instanceof Method method ? lookup.unreflect(method) : lookup.unreflectGetter((Field) member);
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            return null;
        }
    }

    /** What a call's arguments have there; null if it is null, or if a null comes before a {@code ?.}. */
    @Nullable
    Object read(CallContext call) {
        Object value = call.argument(parameter);
        for (int i = 0; i < steps.length; i++) {
            if (value == null) {
                if (!steps[i].nullSafe) {
                    throw new NullPointerException(upTo(i) + " is null");
                }
            } else {
                value = steps[i].read(value);
            }
        }
        return value;
    }

    private String upTo(int step) {
        StringBuilder path = new StringBuilder("#").append(parameterName);
        for (int i = 0; i < step; i++) {
            path.append(steps[i].nullSafe ? "?." : ".").append(steps[i].name);
        }
        return path.toString();
    }

    /** One property. */
    private record Step(String name, boolean nullSafe, MethodHandle handle) {

        @Nullable
        Object read(Object from) {
            try {
                return (Object) handle.invokeExact(from);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(name + " failed: " + e, e);
            }
        }
    }
}
