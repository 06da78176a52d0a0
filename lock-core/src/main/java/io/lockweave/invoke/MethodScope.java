package io.lockweave.invoke;

import io.lockweave.check.MethodModel;
import io.lockweave.check.ParameterNames;
import io.lockweave.check.ReflectedMethod;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.expression.spel.support.StandardTypeLocator;

/**
 * What the expressions of one method share. Kept for each method and not for all: the accessors in it remember classes,
 * which must go when the method's class loader goes.
 */
final class MethodScope {

    private final Method method;
    private final MethodModel model;
    private final ParameterNames names;
    private final StandardEvaluationContext shared;

    MethodScope(Method method) {
        this.method = method;
        this.model = ReflectedMethod.of(method);
        this.names = model.parameterNames();
        this.shared = new StandardEvaluationContext();
        shared.setTypeLocator(new StandardTypeLocator(loader()));
        shared.setConstructorResolvers(List.of(new KeyConstructors()));
        shared.setMethodResolvers(List.of(new KeyMethods()));
        shared.setTypeConverter(new KeyConversions());
        shared.setPropertyAccessors(List.of(new ClassProperties()));
    }

    Method method() {
        return method;
    }

    MethodModel model() {
        return model;
    }

    ParameterNames names() {
        return names;
    }

    StandardEvaluationContext shared() {
        return shared;
    }

    @Nullable
    ClassLoader loader() {
        return method.getDeclaringClass().getClassLoader();
    }
}
