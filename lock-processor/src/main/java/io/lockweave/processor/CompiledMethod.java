package io.lockweave.processor;

import io.lockweave.check.MethodModel;
import io.lockweave.check.ParameterNames;
import io.lockweave.check.TypeModel;
import java.util.List;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** A method as the compiler knows it. */
final class CompiledMethod implements MethodModel {

    private final Compilation compilation;
    private final ExecutableElement method;
    private final @Nullable DeclaredType owner;
    private @Nullable List<CompiledType> parameterTypes;
    private @Nullable String description;

    /** The method of the class that declares it. */
    CompiledMethod(Compilation compilation, ExecutableElement method) {
        this(compilation, method, null);
    }

    /** The method of a type that declares or inherits it, whose type arguments count. */
    CompiledMethod(Compilation compilation, ExecutableElement method, @Nullable DeclaredType owner) {
        this.compilation = compilation;
        this.method = method;
        this.owner = owner;
    }

    ExecutableElement element() {
        return method;
    }

    @Override
    public String name() {
        return method.getSimpleName().toString();
    }

    @Override
    public TypeModel declaringType() {
        return new CompiledType(compilation, Compilation.owner(method).asType());
    }

    @Override
    public String description() {
        String text = description;
        if (text == null) {
            text = MethodModel.super.description();
            description = text;
        }
        return text;
    }

    private ExecutableType type() {
        TypeMirror type = owner == null ? method.asType() : compilation.types().asMemberOf(owner, method);
        return (ExecutableType) type;
    }

    @Override
    public List<CompiledType> parameterTypes() {
        List<CompiledType> types = parameterTypes;
        if (types == null) {
            types = type().getParameterTypes().stream()
                    .map(type -> new CompiledType(compilation, type))
                    .toList();
            parameterTypes = types;
        }
        return types;
    }

    /** The source has them; whether the class file will is seen later. */
    @Override
    public ParameterNames parameterNames() {
        List<String> names = method.getParameters().stream()
                .map(parameter -> parameter.getSimpleName().toString())
                .toList();
        return new ParameterNames(names, true, compilation.isKotlin(Compilation.owner(method)));
    }

    @Override
    public CompiledType result() {
        return new CompiledType(compilation, type().getReturnType());
    }

    @Override
    public boolean isStatic() {
        return method.getModifiers().contains(Modifier.STATIC);
    }

    @Override
    public boolean isVarArgs() {
        return method.isVarArgs();
    }

    @Override
    public boolean isSynthetic() {
        return compilation.elements().getOrigin(method) == javax.lang.model.util.Elements.Origin.SYNTHETIC;
    }
}
