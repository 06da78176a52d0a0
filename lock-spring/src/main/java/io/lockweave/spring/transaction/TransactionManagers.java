package io.lockweave.spring.transaction;

import java.util.ArrayList;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Makes every manager of transactions say when it commits: those made as beans, now or later, and those that were there
 * before, such as the ones of a parent context.
 */
final class TransactionManagers implements BeanPostProcessor, SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;

    TransactionManagers(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof ConfigurableTransactionManager manager) {
            listenTo(manager);
        }
        return bean;
    }

    @Override
    public void afterSingletonsInstantiated() {
        BeanFactory factory = beans;
        while (factory instanceof ConfigurableListableBeanFactory listable) {
            for (String name : listable.getBeanNamesForType(ConfigurableTransactionManager.class, false, false)) {
                listenToSingleton(listable.getSingleton(name));
            }
            factory = listable.getParentBeanFactory();
        }
    }

    private static void listenToSingleton(@Nullable Object bean) {
        if (bean instanceof ConfigurableTransactionManager manager) {
            listenTo(manager);
        }
    }

    /** Its list of listeners may be of a kind that cannot grow. */
    private static void listenTo(ConfigurableTransactionManager manager) {
        Collection<TransactionExecutionListener> listeners = manager.getTransactionExecutionListeners();
        if (!listeners.contains(SpringTransactions.COMMITS)) {
            Collection<TransactionExecutionListener> all = new ArrayList<>(listeners);
            all.add(SpringTransactions.COMMITS);
            all.add(ReadsAtBegin.LISTENER);
            manager.setTransactionExecutionListeners(all);
        }
    }
}
