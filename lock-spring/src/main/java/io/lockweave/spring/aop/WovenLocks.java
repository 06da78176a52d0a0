package io.lockweave.spring.aop;

import io.lockweave.Locks;
import io.lockweave.invoke.Application;
import io.lockweave.invoke.Applications;
import io.lockweave.spi.container.EntryCheck;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import io.lockweave.spi.container.ResultType;
import io.lockweave.spi.container.TransactionBoundary;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.expression.BeanResolver;
import org.springframework.util.function.SingletonSupplier;

/**
 * Gives woven methods the locks of this application, from before its first bean is made until it ends. What they need
 * is made when the first of them is called. Beans are its own even if other contexts are open for the same classes; a
 * context that is stopped, as the test framework does with those it keeps, leaves all else to the others until it is
 * started again.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class WovenLocks implements BeanFactoryPostProcessor, SmartLifecycle, DisposableBean {

    private final Late environment;
    private final ApplicationContext context;
    private @Nullable Application application;
    private volatile boolean running;

    public WovenLocks(ObjectProvider<LockEnvironment> environment, ApplicationContext context) {
        this.context = context;
        this.environment = new Late(SingletonSupplier.of(environment::getObject));
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        ClassLoader loader = beans.getBeanClassLoader();
        Application opened = Applications.open(
                "application context \"" + context.getDisplayName() + "\"",
                loader == null ? ClassLoader.getSystemClassLoader() : loader,
                environment);
        application = opened;
        beans.addBeanPostProcessor(new WovenBeans(opened));
    }

    @Override
    public void start() {
        running = true;
        if (application != null) {
            application.resume();
        }
    }

    @Override
    public void stop() {
        running = false;
        if (application != null) {
            application.pause();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Started before all else and stopped after it. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    @Override
    public void destroy() {
        if (application != null) {
            application.close();
        }
    }

    /** The environment, made when it is first needed. */
    private record Late(Supplier<LockEnvironment> environment) implements LockEnvironment {

        @Override
        public Locks locks(String backend) {
            return environment.get().locks(backend);
        }

        @Override
        public NameSettings settings(String name) {
            return environment.get().settings(name);
        }

        @Override
        public Placeholders placeholders() {
            return environment.get().placeholders();
        }

        @Override
        public @Nullable TransactionBoundary transactions() {
            return environment.get().transactions();
        }

        @Override
        public List<ResultType> resultTypes() {
            return environment.get().resultTypes();
        }

        @Override
        public List<EntryCheck> entryChecks() {
            return environment.get().entryChecks();
        }

        @Override
        public @Nullable BeanResolver beans() {
            return environment.get().beans();
        }
    }
}
