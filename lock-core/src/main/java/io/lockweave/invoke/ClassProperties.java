package io.lockweave.invoke;

import org.jspecify.annotations.Nullable;
import org.springframework.expression.AccessException;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.support.ReflectivePropertyAccessor;

/**
 * Reads properties by the rules of SpEL's own accessor, and keeps what that learns of a class with the class. An
 * argument's class may come from a loader that ends long before the method's, which must not keep it.
 */
final class ClassProperties implements PropertyAccessor {

    private final ClassValue<ReflectivePropertyAccessor> byClass = new ClassValue<>() {
        @Override
        protected ReflectivePropertyAccessor computeValue(Class<?> type) {
            return new ReflectivePropertyAccessor(false);
        }
    };

    private ReflectivePropertyAccessor of(Object target) {
        return byClass.get(target instanceof Class<?> type ? type : target.getClass());
    }

    @Override
    public Class<?> @Nullable [] getSpecificTargetClasses() {
        return null;
    }

    @Override
    public boolean canRead(EvaluationContext context, @Nullable Object target, String name) throws AccessException {
        return target != null && of(target).canRead(context, target, name);
    }

    @Override
    public TypedValue read(EvaluationContext context, @Nullable Object target, String name) throws AccessException {
        if (target == null) {
            throw new AccessException("nothing has the property " + name + " of null");
        }
        return of(target).read(context, target, name);
    }

    @Override
    public boolean canWrite(EvaluationContext context, @Nullable Object target, String name) {
        return false;
    }

    @Override
    public void write(EvaluationContext context, @Nullable Object target, String name, @Nullable Object value)
            throws AccessException {
        throw new AccessException("lock expressions assign nothing");
    }
}
