package io.lockweave.spring.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.LockedRow;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code @LockedRow} on the interface of beans whose class is made at run time: mappers, repositories, lambdas. */
@Timeout(60)
class InterfaceRowsTest {

    @Configuration
    @EnableRowLocking
    static class Application {

        @Bean(destroyMethod = "dispose")
        JdbcConnectionPool dataSource() {
            JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:interfaces" + System.nanoTime(), "sa", "");
            pool.setMaxConnections(5);
            return pool;
        }

        @Bean
        JdbcTemplate jdbc(DataSource dataSource) {
            JdbcTemplate jdbc = new JdbcTemplate(dataSource);
            jdbc.execute("create table article (id int primary key)");
            jdbc.execute("insert into article values (1), (2)");
            return jdbc;
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }
    }

    /** As an application writes it. */
    public interface Mapper {

        @LockedRow(table = "article", key = "#id", waitTime = "0")
        String touch(int id);
    }

    /** Its expression names nothing. */
    public interface WrongMapper {

        @LockedRow(table = "article", key = "#idd")
        String touch(int id);
    }

    /** As a library makes it. */
    public static final class MapperFactory<T> implements FactoryBean<T> {

        private final Class<T> type;

        MapperFactory(Class<T> type) {
            this.type = type;
        }

        @Override
        public T getObject() {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> switch (method.getName()) {
                        case "equals" -> proxy == args[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "touched";
                    }));
        }

        @Override
        public Class<?> getObjectType() {
            return type;
        }
    }

    private static void locks(Consumer<AnnotationConfigApplicationContext> bean) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class);
            bean.accept(context);
            context.refresh();
            Mapper mapper = context.getBean(Mapper.class);
            TransactionTemplate transactions =
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            transactions.executeWithoutResult(status -> {
                assertThat(mapper.touch(1)).isEqualTo("touched");
                assertThatThrownBy(() -> CompletableFuture.runAsync(
                                        () -> transactions.executeWithoutResult(other -> mapper.touch(1)))
                                .join())
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(LockUnavailableException.class);
            });
        }
    }

    @Test
    void a_proxy_that_a_factory_bean_makes() {
        locks(context -> context.registerBean("mapper", MapperFactory.class, () -> new MapperFactory<>(Mapper.class)));
    }

    @Test
    void a_proxy_that_a_method_makes() {
        locks(context ->
                context.registerBean("mapper", Mapper.class, () -> new MapperFactory<>(Mapper.class).getObject()));
    }

    @Test
    void a_lambda() {
        locks(context -> context.registerBean("mapper", Mapper.class, () -> id -> "touched"));
    }

    @Test
    void its_expressions_are_checked_when_it_is_made() {
        assertThatThrownBy(() -> {
                    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
                        context.register(Application.class);
                        context.registerBean(
                                "mapper", MapperFactory.class, () -> new MapperFactory<>(WrongMapper.class));
                        context.refresh();
                        context.getBean(WrongMapper.class);
                    }
                })
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("WrongMapper.touch(int)")
                .hasMessageContaining("there is no parameter #idd");
    }
}
