package io.lockweave.spring.aop;

import io.lockweave.Locks;
import io.lockweave.Lockweave;
import io.lockweave.config.NameSettings;
import io.lockweave.config.Placeholders;
import io.lockweave.invoke.LockEnvironment;
import io.lockweave.spi.ResultType;
import io.lockweave.spi.TransactionBoundary;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.expression.BeanResolver;
import org.springframework.util.function.SingletonSupplier;

/**
 * Gives woven methods the locks of this application, from before its first bean is made until it ends. What they need is
 * made when the first of them is called.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class WovenLocks implements BeanFactoryPostProcessor, DisposableBean {

    private final Late environment;

    public WovenLocks(ObjectProvider<LockEnvironment> environment) {
        this.environment = new Late(SingletonSupplier.of(environment::getObject));
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        Lockweave.use(environment);
    }

    @Override
    public void destroy() {
        Lockweave.leave(environment);
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
        public @Nullable BeanResolver beans() {
            return environment.get().beans();
        }
    }
}
