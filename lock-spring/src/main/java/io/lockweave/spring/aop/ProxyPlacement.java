package io.lockweave.spring.aop;

import io.lockweave.LockUsageException;
import io.lockweave.check.AnnotationCheck;
import io.lockweave.invoke.Placement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/**
 * Where a proxy can lock: calls from other beans, of methods that a subclass or an interface of the bean's class has.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class ProxyPlacement implements PlacementRule {

    private static final String OR_WEAVE = ", or weave the class with AspectJ (lockweave.mode = aspectj)";

    @Override
    public void check(Class<?> type, Method method, @Nullable Object bean) {
        String problem = "@Locked on " + Placement.describe(method);
        if (Modifier.isStatic(method.getModifiers())) {
            throw AnnotationCheck.staticMethod(Placement.describe(method));
        }
        if (Modifier.isPrivate(method.getModifiers())) {
            throw AnnotationCheck.privateMethod(Placement.describe(method));
        }
        boolean inInterface = isInInterface(type, method);
        boolean classProxy = bean == null ? !inInterface : AopUtils.isCglibProxy(bean);
        if (Modifier.isFinal(method.getModifiers()) && classProxy) {
            throw AnnotationCheck.finalMethod(Placement.describe(method));
        }
        if (bean != null) {
            checkProxy(problem, method, bean);
        }
    }

    private static void checkProxy(String problem, Method method, Object bean) {
        if (!isLockedProxy(bean)) {
            throw new LockUsageException(
                    problem
                            + " has no effect: the bean is not a proxy, most likely because it was made before proxies"
                            + " could be (a BeanPostProcessor or a BeanFactoryPostProcessor needs it)",
                    "inject it there lazily (@Lazy or an ObjectProvider), and make @Bean methods of post-processors"
                            + " static"
                            + OR_WEAVE);
        }
        if (AopUtils.isJdkDynamicProxy(bean)
                && ClassUtils.getAllInterfacesForClassAsSet(bean.getClass()).stream()
                        .noneMatch(type -> declares(type, method))) {
            throw new LockUsageException(
                    problem
                            + " has no effect: the bean's proxy has its interfaces only, and none of them has this"
                            + " method",
                    "declare it in the interface, or use class proxies (spring.aop.proxy-target-class = true,"
                            + " @EnableLocking(proxyTargetClass = true))");
        }
    }

    static boolean isLockedProxy(Object bean) {
        return bean instanceof Advised advised
                && Stream.of(advised.getAdvisors()).anyMatch(LockedAdvisor.class::isInstance);
    }

    static boolean isInInterface(Class<?> type, Method method) {
        return ClassUtils.getAllInterfacesForClassAsSet(type).stream().anyMatch(one -> declares(one, method));
    }

    private static boolean declares(Class<?> type, Method method) {
        return Arrays.stream(type.getMethods())
                .anyMatch(candidate -> candidate.getName().equals(method.getName())
                        && candidate.getParameterCount() == method.getParameterCount()
                        && (Arrays.equals(candidate.getParameterTypes(), method.getParameterTypes())
                                || isGeneric(candidate, method)));
    }

    /** The parameters of a generic interface's method are wider than those of the method that implements it. */
    private static boolean isGeneric(Method declared, Method implementation) {
        for (int i = 0; i < declared.getParameterCount(); i++) {
            if (!declared.getParameterTypes()[i].isAssignableFrom(implementation.getParameterTypes()[i])) {
                return false;
            }
        }
        return true;
    }
}
