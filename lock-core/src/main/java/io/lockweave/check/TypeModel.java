package io.lockweave.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type, as far as the checks ask. Type variables and wildcards are their bounds. */
public interface TypeModel {

    /** As {@link Class#getName} has it, without type arguments. */
    String name();

    /** As {@link Class#getSimpleName} has it. */
    String simpleName();

    /** As the source has it, with type arguments. */
    String text();

    /** Whether it is this type or extends or implements it. */
    boolean is(String name);

    boolean isPrimitive();

    /** Whether its objects may well have more than it declares: an interface, an abstract class or {@link Object}. */
    boolean isAbstract();

    /** Whether no other class can extend it. */
    boolean isFinal();

    /** What an array has as elements; null if it is none. */
    @Nullable
    TypeModel element();

    /** Its type arguments, or those it gives to a type above it; empty if they are not known. */
    List<TypeModel> arguments(String above);

    /** Its own type arguments. */
    List<TypeModel> arguments();

    /** Whether objects of it have a {@code toString} that is not that of {@link Object}. */
    boolean hasText();

    /**
     * What an expression reads as a property: the type of the public getter, accessor or field; null if there is none.
     */
    @Nullable
    TypeModel property(String name);

    /** The names of all properties. */
    List<String> properties();

    /** Whether a field or a method of that name is there, and is not public. */
    boolean hides(String property);

    /** Whether anything of it may be added by a tool after the model was made, so that nothing is certainly missing. */
    boolean isUnfinished();

    /** All public methods, inherited ones too. */
    List<? extends MethodModel> publicMethods();

    /** The methods that it declares itself. */
    List<? extends MethodModel> declaredMethods();

    /** What it extends; null for interfaces and {@link Object}. */
    @Nullable
    TypeModel superclass();
}
