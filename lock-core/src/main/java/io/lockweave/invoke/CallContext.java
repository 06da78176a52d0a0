package io.lockweave.invoke;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.ConstructorResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.IndexAccessor;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.OperatorOverloader;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypeComparator;
import org.springframework.expression.TypeConverter;
import org.springframework.expression.TypeLocator;
import org.springframework.expression.TypedValue;

/**
 * One call as its expressions see it: the parameters as variables, read where they are instead of copied into a map.
 * All else is shared by the calls of a method. Nothing can be assigned.
 */
final class CallContext implements EvaluationContext {

    private final MethodScope scope;
    private final @Nullable BeanResolver beans;
    private final @Nullable Object target;
    private final @Nullable Object[] args;

    CallContext(MethodScope scope, @Nullable BeanResolver beans, @Nullable Object target, @Nullable Object[] args) {
        this.scope = scope;
        this.beans = beans;
        this.target = target;
        this.args = args;
    }

    @Nullable
    Object argument(int index) {
        return args[index];
    }

    /** What #root is. */
    CallRoot root() {
        return new CallRoot(scope.method(), target, args);
    }

    @Override
    public TypedValue getRootObject() {
        return new TypedValue(root());
    }

    @Override
    public @Nullable Object lookupVariable(String name) {
        int index = scope.names().indexOf(name);
        return index < 0 ? null : args[index];
    }

    @Override
    public void setVariable(String name, @Nullable Object value) {
        throw new UnsupportedOperationException("lock expressions assign nothing");
    }

    @Override
    public boolean isAssignmentEnabled() {
        return false;
    }

    @Override
    public List<PropertyAccessor> getPropertyAccessors() {
        return scope.shared().getPropertyAccessors();
    }

    @Override
    public List<IndexAccessor> getIndexAccessors() {
        return scope.shared().getIndexAccessors();
    }

    @Override
    public List<ConstructorResolver> getConstructorResolvers() {
        return scope.shared().getConstructorResolvers();
    }

    @Override
    public List<MethodResolver> getMethodResolvers() {
        return scope.shared().getMethodResolvers();
    }

    @Override
    public @Nullable BeanResolver getBeanResolver() {
        return beans;
    }

    @Override
    public TypeLocator getTypeLocator() {
        return scope.shared().getTypeLocator();
    }

    @Override
    public TypeConverter getTypeConverter() {
        return scope.shared().getTypeConverter();
    }

    @Override
    public TypeComparator getTypeComparator() {
        return scope.shared().getTypeComparator();
    }

    @Override
    public OperatorOverloader getOperatorOverloader() {
        return scope.shared().getOperatorOverloader();
    }
}
