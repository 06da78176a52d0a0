package io.lockweave.spring.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockResultException;
import io.lockweave.LockUsageException;
import io.lockweave.invoke.Placement;
import io.lockweave.jdbc.LockedRow;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AliasFor;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import reactor.core.publisher.Mono;

/** What a method with {@code @LockedRow} returns must be done before its transaction ends, and its lock with it. */
class RowResultsTest {

    private AnnotationConfigApplicationContext context;

    @Configuration
    @EnableTransactionManagement
    @EnableRowLocking
    static class Application {

        @Bean(destroyMethod = "dispose")
        JdbcConnectionPool dataSource() {
            JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:results;DB_CLOSE_DELAY=-1", "sa", "");
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            jdbc.execute("create table if not exists article (id int primary key, stock int not null)");
            jdbc.execute("merge into article values (1, 10)");
            return pool;
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean
        Stock stock(DataSource dataSource) {
            return new Stock(new JdbcTemplate(dataSource));
        }
    }

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext(Application.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    static Stream<Method> late() {
        return Stream.of(Late.class.getDeclaredMethods());
    }

    @ParameterizedTest
    @MethodSource("late")
    void results_that_go_on_working_stop_the_start(Method method) {
        LockedRowInterceptor interceptor = new LockedRowInterceptor(
                () -> {
                    throw new AssertionError("no row is to be locked");
                },
                (beans, name) -> null);
        assertThatThrownBy(() -> interceptor.rows(method))
                .isInstanceOf(LockUsageException.class)
                .hasMessageStartingWith("@LockedRow on " + Placement.describe(method))
                .hasMessageContaining("goes on working after that has ended");
    }

    @Test
    void such_a_bean_stops_the_start_too() {
        LockedRowInterceptor interceptor =
                new LockedRowInterceptor(() -> context.getBean(TransactionRowLocks.class), (beans, name) -> null);
        LockedRowPostProcessor processor = new LockedRowPostProcessor(interceptor, () -> {});
        assertThatThrownBy(() -> processor.postProcessBeforeInitialization(new LateBean(), "late"))
                .isInstanceOf(LockUsageException.class)
                .hasMessageStartingWith("Bean \"late\": @LockedRow on ");
    }

    @Test
    void work_that_is_not_done_rolls_the_transaction_back() {
        Stock stock = context.getBean(Stock.class);
        for (Object late : List.of(
                new CompletableFuture<String>(), Stream.of(1), ResponseEntity.ok(new CompletableFuture<String>()))) {
            assertThatThrownBy(() -> stock.take(1, late))
                    .isInstanceOf(LockResultException.class)
                    .hasMessageContaining("is not done when it returns");
        }
        assertThatThrownBy(() -> stock.takeLater(1, new CompletableFuture<>())).isInstanceOf(LockResultException.class);
        assertThatThrownBy(() -> stock.respond(1, ResponseEntity.ok(Mono.just(1))))
                .isInstanceOf(LockResultException.class);
        assertThat(stock.left()).isEqualTo(10);
    }

    @Test
    void a_future_that_is_complete_is_a_finished_result() {
        Stock stock = context.getBean(Stock.class);
        assertThat(stock.takeLater(1, CompletableFuture.completedFuture("done")))
                .isCompletedWithValue("done");
        assertThat(stock.take(1, CompletableFuture.completedFuture("done"))).isNotNull();
        assertThat(stock.respond(1, ResponseEntity.ok(List.of()))).isNotNull();
        assertThat(stock.left()).isEqualTo(7);
    }

    @Test
    void an_attribute_of_a_composed_annotation_is_ours_only_if_it_says_so() {
        LockedRowInterceptor interceptor =
                new LockedRowInterceptor(() -> context.getBean(TransactionRowLocks.class), (beans, name) -> null);
        assertThatThrownBy(() -> interceptor.rows(Composed.class.getMethod("unnamed", int.class)))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining(
                        "has an attribute \"column\" like @LockedRow, but does not say whether it is that of")
                .hasMessageContaining("add @AliasFor(annotation = LockedRow.class) to it");
        assertThatThrownBy(() -> interceptor.rows(Composed.class.getMethod("named", int.class)))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("key = \"#nothing\"");
    }

    interface Late {

        @LockedRow(table = "article", key = "#id")
        Mono<String> mono(int id);

        @LockedRow(table = "article", key = "#id")
        Flow.Publisher<String> publisher(int id);

        @LockedRow(table = "article", key = "#id")
        Stream<String> stream(int id);

        @LockedRow(table = "article", key = "#id")
        Callable<String> callable(int id);

        @LockedRow(table = "article", key = "#id")
        ResponseEntity<Mono<String>> entity(int id);

        @LockedRow(table = "article", key = "#id")
        CompletableFuture<Stream<String>> futureOfAStream(int id);

        @LockedRow(table = "article", key = "#id")
        List<? extends Future<String>> futures(int id);
    }

    static class LateBean {

        @LockedRow(table = "article", key = "#id")
        public Stream<String> stream(int id) {
            return Stream.of();
        }
    }

    /** Takes pieces and says whatever it is told. */
    static class Stock {

        private final JdbcTemplate jdbc;

        Stock(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        private void take(int id) {
            jdbc.update("update article set stock = stock - 1 where id = ?", id);
        }

        @Transactional
        @LockedRow(table = "article", key = "#id")
        public Object take(int id, Object result) {
            take(id);
            return result;
        }

        @Transactional
        @LockedRow(table = "article", key = "#id")
        public CompletionStage<String> takeLater(int id, CompletableFuture<String> result) {
            take(id);
            return result;
        }

        @Transactional
        @LockedRow(table = "article", key = "#id")
        public ResponseEntity<?> respond(int id, ResponseEntity<?> result) {
            take(id);
            return result;
        }

        public int left() {
            Integer stock = jdbc.queryForObject("select stock from article where id = 1", Integer.class);
            return stock == null ? -1 : stock;
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @LockedRow(table = "article", key = "#id")
    @interface Unnamed {
        String column() default "id";
    }

    @Retention(RetentionPolicy.RUNTIME)
    @LockedRow(table = "article", key = "#id")
    @interface Named {
        @AliasFor(annotation = LockedRow.class)
        String key();
    }

    static class Composed {

        @Unnamed
        public void unnamed(int id) {}

        @Named(key = "#nothing")
        public void named(int id) {}
    }
}
