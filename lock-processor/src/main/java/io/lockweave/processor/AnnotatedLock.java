package io.lockweave.processor;

import io.lockweave.Locked;
import java.lang.reflect.Proxy;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.VariableElement;
import org.jspecify.annotations.Nullable;

/**
 * One {@code @Locked} of a method, or what an annotation that carries it comes to.
 *
 * @param shown the annotation that stands on the method
 * @param index which of several of its type it is, whose container the compiler has made; -1: it stands alone
 * @param values what is said, by attribute; the rest is as by default
 * @param places where it is said on the method itself
 */
record AnnotatedLock(
        AnnotationMirror shown, int index, Map<String, AnnotationValue> values, Map<String, AnnotationValue> places) {

    /** Where to point to for an attribute; null: the annotation as a whole. */
    @Nullable
    AnnotationValue place(String attribute) {
        return places.get(attribute);
    }

    /** The annotation, as it is at run time. */
    Locked locked() {
        return (Locked) Proxy.newProxyInstance(
                Locked.class.getClassLoader(), new Class<?>[] {Locked.class}, (proxy, method, arguments) -> {
                    AnnotationValue said = values.get(method.getName());
                    return said == null ? method.getDefaultValue() : value(said.getValue(), method.getReturnType());
                });
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object value(Object said, Class<?> type) {
        return said instanceof VariableElement constant && type.isEnum()
                ? Enum.valueOf(
                        (Class<? extends Enum>) type, constant.getSimpleName().toString())
                : said;
    }
}
