package io.lockweave.spring.jdbc;

import io.lockweave.LockUsageException;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.backend.BackendSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.ClassUtils;

/**
 * A database through the application's {@link DataSource}: the one that {@code lockweave.jdbc.data-source} names, else
 * its only or primary one. {@code lockweave.jdbc.url} wins over both. A proxy that gives the connection of the
 * transaction under way is looked behind.
 */
final class JdbcBackendSource implements BackendSource {

    private static final Logger LOG = System.getLogger("io.lockweave.spring");

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
        LockConnections connections = new LockConnections(settings);
        if (settings.text("url").isPresent()) {
            return connections.toUrl();
        }
        DataSource dataSource = dataSource(settings);
        if (isPresent("org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource")
                && SpringDataSources.isRouting(dataSource)) {
            tellOfRouting(settings);
        }
        boolean shared = dataSource == beans.getBeanProvider(DataSource.class).getIfUnique();
        return connections.to(dataSource, shared, hasTransactions());
    }

    /** Claims come from the caller's thread, renewals from one of the engine's, which is nobody's tenant. */
    private static void tellOfRouting(BackendSettings settings) {
        String what = " chooses a database for each caller, such as the tenant's, so that a lock is taken in one"
                + " and renewed in another";
        String remedy = "name a DataSource in lockweave.jdbc.data-source that is one database, the same for all"
                + " instances, or set lockweave.jdbc.url";
        String named = settings.text("data-source").orElse(null);
        if (named == null) {
            throw new LockUsageException("The application's DataSource" + what, remedy);
        }
        LOG.log(
                Level.WARNING,
                "lockweave.jdbc.data-source is \"" + named + "\", which" + what + ". To fix it: " + remedy + ".");
    }

    private boolean hasTransactions() {
        return isPresent("org.springframework.transaction.PlatformTransactionManager")
                && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                                        beans, PlatformTransactionManager.class, true, false)
                                .length
                        > 0;
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, JdbcBackendSource.class.getClassLoader());
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
