package io.lockweave.spring.jdbc;

import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** Data sources of spring-jdbc, and what stands behind them. */
final class SpringDataSources {

    private SpringDataSources() {}

    /**
     * What gives connections whatever transaction the caller is in: a lock must neither commit half of it nor end with
     * it, nor go to a read-only copy of the database because it is read-only.
     */
    static DataSource outsideTransactions(DataSource dataSource) {
        DataSource found = dataSource;
        DataSource next = dataSource;
        while (next instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
            next = proxy.getTargetDataSource();
            if (proxy instanceof TransactionAwareDataSourceProxy || proxy instanceof LazyConnectionDataSourceProxy) {
                found = next;
            }
        }
        return found;
    }

    /** Whether it chooses a database for each caller, such as the tenant's. */
    static boolean isRouting(DataSource dataSource) {
        DataSource next = dataSource;
        while (next instanceof DelegatingDataSource proxy && proxy.getTargetDataSource() != null) {
            next = proxy.getTargetDataSource();
        }
        return next instanceof AbstractRoutingDataSource;
    }

    static boolean isUnpooled(DataSource dataSource) {
        return dataSource instanceof AbstractDriverBasedDataSource || dataSource instanceof EmbeddedDatabase;
    }
}
