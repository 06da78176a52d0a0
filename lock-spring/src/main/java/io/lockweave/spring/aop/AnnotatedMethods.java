package io.lockweave.spring.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/**
 * Finds the method whose annotation counts for a call. Of a bean whose class is a JDK proxy (repositories, mappers,
 * HTTP interfaces) or a lambda, that is its interface's: the class has another name in every JVM, and no parameter
 * names.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class AnnotatedMethods {

    private AnnotatedMethods() {}

    /** That of the target's class; if that is made at run time, the annotated one of its interfaces. */
    public static Method find(Method called, @Nullable Class<?> type, Predicate<Method> annotated) {
        Method specific = AopUtils.getMostSpecificMethod(called, type);
        if (type == null || !isMadeAtRunTime(specific.getDeclaringClass())) {
            return specific;
        }
        for (Class<?> above : ClassUtils.getAllInterfacesForClassAsSet(type)) {
            Method declared = ClassUtils.getMethodIfAvailable(above, called.getName(), called.getParameterTypes());
            if (declared != null && annotated.test(declared)) {
                return declared;
            }
        }
        return called;
    }

    /** Whether there is no class file of it that people wrote. */
    public static boolean isMadeAtRunTime(Class<?> type) {
        return Proxy.isProxyClass(type) || type.isHidden() || type.isSynthetic();
    }
}
