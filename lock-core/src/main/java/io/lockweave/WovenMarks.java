package io.lockweave;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a weaver leaves in a class: for each method with advice around it, one or more {@code <method>_aroundBody<n>}
 * with the method's parameters behind the object. Classes woven at compile time also name the aspects in their class
 * file.
 */
final class WovenMarks {

    private static final String MARK = "_aroundBody";
    private static final String ASPECT = "io/lockweave/aspect/LockedAspect";

    private WovenMarks() {}

    static boolean on(Method method) {
        List<String> marks = Stream.of(method.getDeclaringClass().getDeclaredMethods())
                .filter(candidate -> candidate.getName().startsWith(method.getName() + MARK)
                        && startsWith(candidate.getParameterTypes(), woven(method)))
                .map(Method::getName)
                .toList();
        return !marks.isEmpty() && !onlyOtherAspects(method.getDeclaringClass(), marks);
    }

    private static Class<?>[] woven(Method method) {
        Stream<Class<?>> self =
                Modifier.isStatic(method.getModifiers()) ? Stream.empty() : Stream.of(method.getDeclaringClass());
        return Stream.concat(self, Stream.of(method.getParameterTypes())).toArray(Class<?>[]::new);
    }

    private static boolean startsWith(Class<?>[] all, Class<?>[] first) {
        return all.length >= first.length && Arrays.equals(Arrays.copyOf(all, first.length), first);
    }

    /** Whether all marks were there when the class was compiled, by a weaver that did not know the aspect for locks. */
    private static boolean onlyOtherAspects(Class<?> type, List<String> marks) {
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            if (in == null) {
                return false;
            }
            String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return !content.contains(ASPECT) && marks.stream().allMatch(content::contains);
        } catch (IOException e) {
            return false;
        }
    }
}
