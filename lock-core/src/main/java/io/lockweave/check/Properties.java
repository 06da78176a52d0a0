package io.lockweave.check;

import java.util.List;
import java.util.TreeSet;

/** What SpEL reads as a property: {@code getId()}, {@code isOpen()} of a boolean, {@code id()}, or a field. */
public final class Properties {

    private Properties() {}

    /** The property's name as it stands in the name of a getter. */
    private static String capitalized(String name) {
        return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** Whether a method reads a property. */
    public static boolean reads(MethodModel method, String property) {
        String name = method.name();
        if (!name.endsWith(property.substring(Math.min(1, property.length())))
                || !method.parameterTypes().isEmpty()) {
            return false;
        }
        String result = method.result().name();
        return !result.equals("void")
                && (name.equals(property)
                        || isGetter("get", name, property)
                        || (isGetter("is", name, property)
                                && (result.equals("boolean") || result.equals("java.lang.Boolean"))));
    }

    /** {@code getId}, and {@code getaB} beside {@code getAB}. */
    private static boolean isGetter(String prefix, String method, String property) {
        boolean both = property.length() > 1 && Character.isUpperCase(property.charAt(1));
        return method.equals(prefix + capitalized(property)) || (both && method.equals(prefix + property));
    }

    /** The names to offer: those of getters and fields, and of the accessors of records. */
    public static List<String> of(List<? extends MethodModel> methods, List<String> fields) {
        TreeSet<String> all = new TreeSet<>(fields);
        for (MethodModel method : methods) {
            String name = method.name();
            for (String prefix : List.of("get", "is")) {
                if (name.length() > prefix.length()
                        && name.startsWith(prefix)
                        && Character.isUpperCase(name.charAt(prefix.length()))
                        && !method.declaringType().name().equals("java.lang.Object")) {
                    String property = decapitalized(name.substring(prefix.length()));
                    if (reads(method, property)) {
                        all.add(property);
                    }
                }
            }
            if (method.declaringType().is("java.lang.Record")
                    && !method.declaringType().name().equals("java.lang.Record")
                    && reads(method, name)
                    && !name.equals("toString")
                    && !name.equals("hashCode")) {
                all.add(name);
            }
        }
        return all.stream().toList();
    }

    private static String decapitalized(String name) {
        return name.length() > 1 && Character.isUpperCase(name.charAt(1))
                ? name
                : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** The one of the names that was most likely meant; the empty text if none is like it. */
    public static String nearest(String name, List<String> names) {
        return names.stream()
                .filter(one -> distance(name, one) <= Math.max(1, name.length() / 3))
                .min((a, b) -> Integer.compare(distance(name, a), distance(name, b)))
                .orElse("");
    }

    /** How many letters to add, to leave out or to change, whatever their case. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int changed = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
