package io.lockweave.spring;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.AutoProxyRegistrar;
import org.springframework.context.annotation.DeferredImportSelector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * What {@link EnableLocking} brings, by its mode and by what is on the class path; after the application's own beans.
 */
final class LockingSelector implements DeferredImportSelector, BeanClassLoaderAware, Ordered {

    /** Features name themselves here, so that none of their classes need be seen. */
    private static final String PACKAGE = "io.lockweave.spring";

    private @Nullable ClassLoader loader;

    @Override
    public void setBeanClassLoader(ClassLoader loader) {
        this.loader = loader;
    }

    /** Before auto-configuration, which is to see that the application has done this itself. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE - 100;
    }

    @Override
    public String[] selectImports(AnnotationMetadata importing) {
        List<String> imports = new ArrayList<>();
        if (mode(importing) == AdviceMode.PROXY) {
            imports.add(AutoProxyRegistrar.class.getName());
            imports.add(ProxyLockingConfiguration.class.getName());
        } else {
            imports.add(WovenLockingConfiguration.class.getName());
        }
        imports.add(LockingConfiguration.class.getName());
        boolean transactions = isPresent("org.springframework.transaction.support.TransactionSynchronizationManager");
        boolean reactor = isPresent("reactor.core.publisher.Mono");
        if (transactions) {
            imports.add(PACKAGE + ".transaction.TransactionLockingConfiguration");
        }
        if (transactions && isPresent("org.springframework.jdbc.datasource.ConnectionHolder")) {
            imports.add(PACKAGE + ".transaction.SnapshotLockingConfiguration");
        }
        if (transactions
                && isPresent("jakarta.persistence.EntityManager")
                && isPresent("org.springframework.orm.jpa.EntityManagerHolder")) {
            imports.add(PACKAGE + ".jpa.JpaLockingConfiguration");
        }
        if (reactor) {
            imports.add(PACKAGE + ".reactor.ReactorLockingConfiguration");
        }
        if (transactions && reactor) {
            imports.add(PACKAGE + ".transaction.ReactorTransactionLockingConfiguration");
        }
        return imports.toArray(String[]::new);
    }

    /** The annotation may stand on a class that the importing one extends. */
    private AdviceMode mode(AnnotationMetadata importing) {
        MergedAnnotation<EnableLocking> here = importing.getAnnotations().get(EnableLocking.class);
        if (here.isPresent()) {
            return here.getEnum("mode", AdviceMode.class);
        }
        EnableLocking above = AnnotationUtils.findAnnotation(
                ClassUtils.resolveClassName(importing.getClassName(), loader), EnableLocking.class);
        return above == null ? AdviceMode.PROXY : above.mode();
    }

    private boolean isPresent(String type) {
        return ClassUtils.isPresent(type, loader);
    }
}
