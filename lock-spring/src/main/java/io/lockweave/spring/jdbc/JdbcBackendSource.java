package io.lockweave.spring.jdbc;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.JdbcBackendFactory;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.backend.BackendSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.util.ClassUtils;

/**
 * A database through the application's {@link DataSource}: the one that {@code lockweave.jdbc.data-source} names, else
 * its only or primary one. {@code lockweave.jdbc.url} wins over both. A proxy that gives the connection of the
 * transaction under way is looked behind.
 */
final class JdbcBackendSource implements BackendSource {

    private final ListableBeanFactory beans;

    JdbcBackendSource(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public boolean available(BackendSettings settings) {
        return settings.text("url").isPresent() || dataSources().length > 0;
    }

    @Override
    public LockBackend open(BackendSettings settings) {
        JdbcBackendFactory factory = new JdbcBackendFactory();
        return settings.text("url").isPresent()
                ? factory.create(settings)
                : factory.over(outsideTransactions(dataSource(settings)), settings);
    }

    /**
     * What gives connections of their own: a lock must neither commit half of the caller's transaction nor end with it.
     */
    private static DataSource outsideTransactions(DataSource dataSource) {
        boolean proxies = ClassUtils.isPresent(
                "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy",
                JdbcBackendSource.class.getClassLoader());
        return proxies ? Proxies.outsideTransactions(dataSource) : dataSource;
    }

    /** Where spring-jdbc is on the class path. */
    private static final class Proxies {

        static DataSource outsideTransactions(DataSource dataSource) {
            DataSource found = dataSource;
            DataSource next = dataSource;
            while (next instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
                next = proxy.getTargetDataSource();
                if (proxy instanceof TransactionAwareDataSourceProxy) {
                    found = next;
                }
            }
            return found;
        }
    }

    /** Those of parent contexts too. */
    private String[] dataSources() {
        return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class);
    }

    private DataSource dataSource(BackendSettings settings) {
        String name = settings.text("data-source").orElse(null);
        if (name != null) {
            if (beans.containsBean(name) && beans.isTypeMatch(name, DataSource.class)) {
                return beans.getBean(name, DataSource.class);
            }
            throw new LockUsageException(
                    "lockweave.jdbc.data-source is \"" + name + "\", and no DataSource bean has that name",
                    "use one of " + String.join(", ", dataSources()));
        }
        DataSource one = beans.getBeanProvider(DataSource.class).getIfUnique();
        if (one == null) {
            throw new LockUsageException(
                    "There are several DataSource beans, and none is the primary one",
                    "set lockweave.jdbc.data-source to one of " + String.join(", ", dataSources()));
        }
        return one;
    }
}
