package io.lockweave.spring.transaction;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.spring.EnableLocking;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Whatever kind of bean it is: where its lock stands is known before its first call. */
class TransactionOrderTest {

    @Configuration
    @EnableLocking
    static class Base {

        @Bean
        TransactionManager transactionManager() {
            return new DataSourceTransactionManager(JdbcConnectionPool.create("jdbc:h2:mem:order", "sa", ""));
        }
    }

    @Configuration
    @EnableTransactionManagement(order = Ordered.HIGHEST_PRECEDENCE)
    static class Reversed extends Base {}

    @Configuration
    @EnableTransactionManagement
    static class Right extends Base {}

    private static void start(Class<?> configuration, String kind) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(configuration);
            context.registerBean("accounts", Accounts.class, () -> new Accounts(new JdbcTemplate()), definition -> {
                definition.setScope(kind.equals("prototype") ? kind : BeanDefinition.SCOPE_SINGLETON);
                definition.setLazyInit(kind.equals("lazy"));
            });
            context.refresh();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"singleton", "lazy", "prototype"})
    void a_transaction_around_the_lock_of_its_own_method_is_refused(String kind) {
        assertThatThrownBy(() -> start(Reversed.class, kind))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Bean \"accounts\"")
                .hasMessageContaining("inside of the method's transaction")
                .hasMessageContaining("@EnableTransactionManagement");
    }

    @ParameterizedTest
    @ValueSource(strings = {"singleton", "lazy", "prototype"})
    void the_default_order_is_right(String kind) {
        assertThatCode(() -> start(Right.class, kind)).doesNotThrowAnyException();
    }
}
