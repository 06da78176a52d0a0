package io.lockweave.spring.aop;

import io.lockweave.Locked;
import io.lockweave.invoke.Application;
import io.lockweave.invoke.Placement;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.core.annotation.AnnotationUtils;

/** Makes beans with locked methods objects of their application, before anybody can call them. */
final class WovenBeans implements InstantiationAwareBeanPostProcessor {

    private static final ClassValue<Boolean> LOCKED = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return AnnotationUtils.isCandidateClass(type, Locked.class)
                        && Placement.typeAndAbove(type).stream()
                                .flatMap(one -> Stream.of(one.getDeclaredMethods()))
                                .anyMatch(Placement::isLocked);
            } catch (LinkageError e) {
                return true; // a class that it names is missing: one object too many does no harm
            }
        }
    };

    private final Application application;

    WovenBeans(Application application) {
        this.application = application;
    }

    @Override
    public boolean postProcessAfterInstantiation(Object bean, String name) {
        adopt(bean);
        return true;
    }

    /** What factory beans make comes only here. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        adopt(bean);
        return bean;
    }

    private void adopt(Object bean) {
        if (LOCKED.get(bean.getClass())) {
            application.adopt(bean);
        }
    }
}
