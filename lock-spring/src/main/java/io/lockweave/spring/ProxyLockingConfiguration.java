package io.lockweave.spring;

import io.lockweave.invoke.LockedInvoker;
import io.lockweave.spring.aop.AsyncOrder;
import io.lockweave.spring.aop.LockedAdvisor;
import io.lockweave.spring.aop.LockedInterceptor;
import io.lockweave.spring.aop.PlacementRule;
import io.lockweave.spring.aop.ProxyPlacement;
import io.lockweave.spring.aop.ProxyableCheck;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.util.function.SingletonSupplier;

/** {@code @Locked} through proxies of beans. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class ProxyLockingConfiguration {

    /** Made before most beans are, so it asks for the invoker only when a locked method is called. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    LockedAdvisor lockweaveAdvisor(ObjectProvider<LockedInvoker> invoker, ListableBeanFactory beans) {
        return new LockedAdvisor(new LockedInterceptor(SingletonSupplier.of(invoker::getObject)), order(beans));
    }

    /**
     * As the annotation says that was not overruled by one of the application. Looking for it makes no bean, not even
     * one that makes others.
     */
    private static int order(ListableBeanFactory beans) {
        return Stream.of(beans.getBeanDefinitionNames())
                .map(name -> beans.findAnnotationOnBean(name, EnableLocking.class, false))
                .filter(Objects::nonNull)
                .findFirst()
                .map(EnableLocking::order)
                .orElse(EnableLocking.ORDER);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    PlacementRule lockweaveProxyPlacement() {
        return new ProxyPlacement();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    PlacementRule lockweaveAsyncOrder() {
        return new AsyncOrder();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ProxyableCheck lockweaveProxyableCheck() {
        return new ProxyableCheck();
    }
}
