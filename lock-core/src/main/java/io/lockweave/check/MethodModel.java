package io.lockweave.check;

import java.util.List;
import java.util.stream.Collectors;

/** A method, as far as the checks ask. */
public interface MethodModel {

    String name();

    TypeModel declaringType();

    List<? extends TypeModel> parameterTypes();

    ParameterNames parameterNames();

    TypeModel result();

    boolean isStatic();

    boolean isVarArgs();

    /** Whether a compiler has made it. */
    boolean isSynthetic();

    /** The method as people know it: {@code com.acme.Points.add(User, int)}. */
    default String description() {
        return declaringType().name() + "." + name()
                + parameterTypes().stream().map(TypeModel::simpleName).collect(Collectors.joining(", ", "(", ")"));
    }
}
