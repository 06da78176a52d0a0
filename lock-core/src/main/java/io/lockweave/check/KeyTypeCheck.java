package io.lockweave.check;

import io.lockweave.LockUsageException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.ast.SpelNodeImpl;

/** Fails where the declared type of an expression's value cannot be a key, or a condition. */
public final class KeyTypeCheck {

    private static final List<String> SEVERAL =
            List.of("java.lang.Iterable", "java.util.Map", "java.util.stream.BaseStream");

    private KeyTypeCheck() {}

    /**
     * Checks the expression of a key.
     *
     * @param name the name of its keys
     * @return what would be wrong with objects of the declared type itself, if those of a subclass can be keys; else
     * null
     * @throws LockUsageException if no object of the declared type can be a key
     */
    public static @Nullable LockUsageException key(String place, String name, SpelNodeImpl tree, MethodModel method) {
        TypeModel type = PathCheck.typeOf(place, tree, method);
        if (type != null && type.is("java.util.Optional")) {
            type = first(type.arguments());
        }
        if (type == null) {
            return null;
        }
        if (type.is("[B") || type.is("[C")) {
            throw KeyRefusal.elements(place, type.simpleName());
        }
        TypeModel element = type.element();
        boolean many = element != null || type.is("java.util.Collection");
        TypeModel one = !many ? type : element != null ? element : first(type.arguments("java.util.Collection"));
        LockUsageException refusal = one == null ? null : refusal(one);
        if (one == null || refusal == null) {
            return null;
        }
        LockUsageException problem =
                KeyRefusal.at(many ? place + ", element 0" : place, KeyRefusal.ofKey(name, refusal));
        if (one.isFinal() || !refusal.problem().endsWith(KeyRefusal.WITHOUT_TEXT)) {
            throw problem;
        }
        return problem;
    }

    private static @Nullable LockUsageException refusal(TypeModel type) {
        if (type.element() != null || SEVERAL.stream().anyMatch(type::is)) {
            return KeyRefusal.several(type.simpleName());
        }
        return !type.hasText() && !type.isAbstract() && !type.isUnfinished()
                ? KeyRefusal.withoutText(type.name())
                : null;
    }

    /** Checks the expression of a condition. */
    public static void condition(String place, SpelNodeImpl tree, MethodModel method) {
        TypeModel type = PathCheck.typeOf(place, tree, method);
        if (type != null && type.isFinal() && !type.name().equals("boolean") && !type.is("java.lang.Boolean")) {
            throw KeyRefusal.noCondition(place);
        }
    }

    private static @Nullable TypeModel first(List<TypeModel> types) {
        return types.isEmpty() ? null : types.get(0);
    }
}
