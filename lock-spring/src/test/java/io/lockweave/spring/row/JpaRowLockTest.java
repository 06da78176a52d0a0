package io.lockweave.spring.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.jdbc.MissingRowException;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Rows locked in the transactions of Hibernate's EntityManager. */
@Timeout(60)
class JpaRowLockTest {

    @Configuration
    @EnableTransactionManagement
    @EnableRowLocking
    static class Application {

        @Bean(destroyMethod = "dispose")
        JdbcConnectionPool dataSource() {
            return JdbcConnectionPool.create("jdbc:h2:mem:warehouse;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000", "sa", "");
        }

        @Bean
        LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
            LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
            factory.setDataSource(dataSource);
            factory.setPackagesToScan(Article.class.getPackageName());
            factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            factory.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create"));
            return factory;
        }

        @Bean
        JpaTransactionManager transactionManager(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory);
        }

        @Bean
        Warehouse warehouse(io.lockweave.spring.row.TransactionRowLocks rows) {
            return new Warehouse(rows);
        }
    }

    private static AnnotationConfigApplicationContext context;
    private static Warehouse warehouse;
    private static int lastId;
    private int id;

    @BeforeAll
    static void start() {
        context = new AnnotationConfigApplicationContext(Application.class);
        warehouse = context.getBean(Warehouse.class);
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @BeforeEach
    void create() {
        id = ++lastId;
        warehouse.create(id);
    }

    private static void inAnotherTransaction(Runnable work) {
        CompletableFuture.runAsync(work).orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void nothing_is_lost_of_what_many_threads_add_to_an_entity() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                Runnable add = i % 2 == 0 ? () -> warehouse.add(id) : () -> warehouse.addTo(id);
                all.add(CompletableFuture.runAsync(add, threads));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(50, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }

        assertThat(warehouse.stock(id)).isEqualTo(400);
    }

    /** Shows that the test above can fail. */
    @Test
    void without_a_lock_an_update_is_lost() {
        warehouse.addUnlocked(id, () -> inAnotherTransaction(() -> warehouse.addUnlocked(id, () -> {})));

        assertThat(warehouse.stock(id)).isEqualTo(1);
    }

    @Test
    void the_row_is_locked_on_the_entity_managers_own_connection() {
        JdbcTemplate jdbc = new JdbcTemplate(context.getBean(DataSource.class));

        List<Integer> sessions =
                warehouse.sessions(id, () -> jdbc.queryForObject("select session_id()", Integer.class));

        assertThat(sessions).hasSize(2);
        assertThat(sessions.get(0)).isEqualTo(sessions.get(1));
    }

    @Test
    void one_connection_is_enough() {
        JdbcConnectionPool pool = context.getBean(JdbcConnectionPool.class);
        pool.setMaxConnections(1);
        try {
            warehouse.add(id);
            warehouse.addTo(id);
        } finally {
            pool.setMaxConnections(10);
        }

        assertThat(warehouse.stock(id)).isEqualTo(2);
    }

    /** What the documentation warns of. */
    @Test
    void an_entity_read_before_its_row_was_locked_is_stale_until_it_is_refreshed() {
        List<Integer> stock = warehouse.readLockRefresh(id, () -> inAnotherTransaction(() -> warehouse.add(id)));

        assertThat(stock).containsExactly(0, 1);
    }

    @Test
    void a_row_that_jpa_has_not_written_yet_is_not_there() {
        int one = ++lastId;
        int another = ++lastId;

        assertThatThrownBy(() -> warehouse.createAndLock(one, false)).isInstanceOf(MissingRowException.class);
        warehouse.createAndLock(another, true);
        assertThat(warehouse.stock(another)).isZero();
    }
}
