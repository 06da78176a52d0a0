package io.lockweave.spring.aop;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.invoke.LockUse;
import io.lockweave.invoke.LockedInvoker;
import io.lockweave.invoke.Placement;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Checks the locked methods of every bean when the application starts, also of beans that are made later.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class StartupCheck implements SmartInitializingSingleton {

    private static final Logger LOG = System.getLogger("io.lockweave.spring");

    private final ConfigurableListableBeanFactory beans;
    private final LockedInvoker invoker;
    private final List<PlacementRule> rules;
    private final LockweaveConfig config;
    private final SelfInvocations selfInvocations;
    private final List<LockUse> uses = new ArrayList<>();
    private final Set<Method> methods = new HashSet<>();
    private int beansWithLocks;

    public StartupCheck(
            ConfigurableListableBeanFactory beans,
            LockedInvoker invoker,
            List<PlacementRule> rules,
            LockweaveConfig config) {
        this.beans = beans;
        this.invoker = invoker;
        this.rules = List.copyOf(rules);
        this.config = config;
        this.selfInvocations = SelfInvocations.of(config);
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            if (!ScopedProxyUtils.isScopedTarget(name) && !isReplaced(name)) {
                check(name, type(name));
            }
        }
        LockUse.check(uses);
        tellOfMethods();
        tellOfUnused();
        selfInvocations.tell();
    }

    private void tellOfMethods() {
        if (!methods.isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "Methods with @Locked: " + methods.size() + ", in beans: " + beansWithLocks + ", of names: "
                            + String.join(", ", names()));
        }
    }

    private Set<String> names() {
        return uses.stream().map(LockUse::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A program may lock names by itself, so what is like no other name is no more than a remark. */
    private void tellOfUnused() {
        config.namesBeside(names())
                .forEach((name, near) -> LOG.log(
                        near.isPresent() ? Level.WARNING : Level.INFO,
                        "No @Locked method of a bean has the name \"" + name + "\", for which lockweave.locks." + name
                                + ".* is set"
                                + near.map(other -> "; did you mean \"" + other + "\"? To fix it: correct the name, or"
                                                + " remove the property")
                                        .orElse("")
                                + "."));
    }

    /**
     * Singletons that were registered as they are, and what tests put in place of beans, such as mocks, get no proxies.
     */
    private boolean isReplaced(String name) {
        if (!beans.containsBeanDefinition(name)) {
            return beans.containsSingleton(name);
        }
        return beans.containsSingleton(name)
                && beans.getBeanDefinition(name) instanceof RootBeanDefinition definition
                && definition.getQualifiedElement() instanceof Field;
    }

    private @Nullable Class<?> type(String name) {
        String target = ScopedProxyUtils.getTargetBeanName(name);
        Class<?> type =
                AutoProxyUtils.determineTargetClass(beans, beans.containsBeanDefinition(target) ? target : name);
        return type == null ? null : ClassUtils.getUserClass(type);
    }

    private void check(String name, @Nullable Class<?> type) {
        if (type == null || type.getName().startsWith("org.springframework.")) {
            return;
        }
        selfInvocations.lookForLombok(name, type);
        if (!AnnotationUtils.isCandidateClass(type, Locked.class)) {
            return;
        }
        Set<Method> locked = new LinkedHashSet<>();
        MethodIntrospector.selectMethods(type, LockedPointcut::isLocked)
                .forEach(method -> locked.add(LockedPointcut.lockedMethod(method, type)));
        Stream.of(type.getDeclaredMethods()) // Spring leaves out what Kotlin hides from Java
                .filter(method -> method.isSynthetic() && Placement.isLocked(method))
                .forEach(locked::add);
        if (locked.isEmpty()) {
            return;
        }
        if (!isPresent(LockedAdvisor.class) && !isPresent(WovenLocks.class)) {
            throw new LockUsageException(
                    "Bean \"" + name
                            + "\" has @Locked methods, and there is neither a proxy nor weaving that would lock them",
                    "use @EnableLocking, or the auto-configuration of Spring Boot with lockweave.mode = proxy or"
                            + " aspectj");
        }
        if (isPresent(LockedAdvisor.class)) {
            selfInvocations.scan(type, locked);
        }
        methods.addAll(locked);
        beansWithLocks++;
        Object bean = beans.containsSingleton(name) && !beans.isFactoryBean(name) ? beans.getSingleton(name) : null;
        for (Method method : locked) {
            try {
                if (method.isSynthetic()) {
                    invoker.check(method); // no placement makes it right
                }
                for (PlacementRule rule : rules) {
                    rule.check(type, method, bean);
                }
                invoker.check(method);
                uses.addAll(invoker.uses(method));
            } catch (LockUsageException e) {
                throw new LockUsageException("Bean \"" + name + "\": " + e.problem(), e.remedy(), e);
            }
        }
    }

    private boolean isPresent(Class<?> type) {
        return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false).length > 0;
    }
}
