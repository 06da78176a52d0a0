package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.spring.aop.LockedAdvisor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** {@code @Locked} beside what else Spring does with methods, with the orders that both have by themselves. */
@Timeout(60)
class InterplayTest {

    private static final LockKey KEY = LockKey.of("user", "ann");

    /** Says which lock it runs under. */
    static String held() {
        return HeldLock.current().map(lock -> lock.key().toString()).orElse("unlocked");
    }

    @Configuration
    @EnableLocking
    @EnableTransactionManagement
    static class Application {

        @Bean
        DataSource dataSource() {
            JdbcDataSource database = new JdbcDataSource();
            database.setURL("jdbc:h2:mem:interplay");
            return database;
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean
        Listeners listeners() {
            return new Listeners();
        }
    }

    /** What the tests publish. */
    record Added(String user) {}

    static class Listeners {

        final List<String> heard = new ArrayList<>();

        List<String> heard() {
            return heard;
        }

        @EventListener
        @Locked(name = "user", key = "#event.user")
        public void on(Added event) {
            heard.add("at once: " + held());
        }

        @TransactionalEventListener
        @Locked(name = "user", key = "#event.user")
        public void afterCommit(Added event) {
            heard.add("after the commit: " + held());
        }
    }

    private static void with(Class<?> more, Consumer<AnnotationConfigApplicationContext> use) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getBeanFactory().registerScope("thread", new SimpleThreadScope());
            context.register(Application.class, more);
            context.refresh();
            use.accept(context);
            assertThat(context.getBean(Locks.class).isLocked(KEY)).isFalse();
        }
    }

    @Test
    void listeners_of_events_run_under_their_lock_also_after_the_commit() {
        with(Application.class, context -> {
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
                context.publishEvent(new Added("ann"));
                assertThat(context.getBean(Listeners.class).heard()).containsExactly("at once: user[ann]");
            });
            assertThat(context.getBean(Listeners.class).heard())
                    .containsExactly("at once: user[ann]", "after the commit: user[ann]");
        });
    }

    /** Reads what is seldom changed. */
    static class Prices {

        @Cacheable("prices")
        @Locked(name = "user", key = "#user", waitTime = "0")
        public String of(String user) {
            return held();
        }
    }

    @Configuration
    @EnableCaching
    static class Cached {

        @Bean
        CacheManager caches() {
            return new ConcurrentMapCacheManager();
        }

        @Bean
        Prices prices() {
            return new Prices();
        }
    }

    @Configuration
    @EnableCaching(order = LockedAdvisor.DEFAULT_ORDER - 1)
    static class CachedOutside {

        @Bean
        CacheManager caches() {
            return new ConcurrentMapCacheManager();
        }

        @Bean
        Prices prices() {
            return new Prices();
        }
    }

    private static void whileLocked(AnnotationConfigApplicationContext context, Runnable work) {
        try (HeldLock other = context.getBean(Locks.class).acquire(KEY)) {
            CompletableFuture.runAsync(work).join();
        }
    }

    @Test
    void what_is_cached_waits_for_the_lock_unless_the_cache_comes_first() {
        with(Cached.class, context -> {
            Prices prices = context.getBean(Prices.class);
            assertThat(prices.of("ann")).isEqualTo("user[ann]");
            assertThatThrownBy(() -> whileLocked(context, () -> prices.of("ann")))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(LockUnavailableException.class);
        });
        with(CachedOutside.class, context -> {
            Prices prices = context.getBean(Prices.class);
            assertThat(prices.of("ann")).isEqualTo("user[ann]");
            whileLocked(context, () -> assertThat(prices.of("ann")).isEqualTo("user[ann]"));
        });
    }

    @Configuration
    static class Scoped {

        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Points points() {
            return new Points();
        }

        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.INTERFACES)
        Counting counting() {
            return new Counter();
        }

        @Bean
        @Scope("prototype")
        Counting prototype() {
            return new Counter();
        }
    }

    /** As an interface. */
    interface Counting {

        @Locked(name = "user", key = "'ann'")
        String count();
    }

    static class Counter implements Counting {

        @Override
        public String count() {
            return held();
        }
    }

    @Test
    void beans_of_scopes_lock_in_each_of_their_objects_once() {
        with(Scoped.class, context -> {
            assertThat(context.getBean(Points.class).keyOf("ann")).isEqualTo("user[ann]");
            assertThat(context.getBean("counting", Counting.class).count()).isEqualTo("user[ann]");
            assertThat(context.getBean("prototype", Counting.class).count()).isEqualTo("user[ann]");
            assertThat(context.getBeanFactory().containsBean(ScopedProxyUtils.getTargetBeanName("counting")))
                    .isTrue();
        });
    }

    /** As listener containers of Kafka, JMS or RabbitMQ do: they call the bean's method by reflection. */
    @Test
    void a_container_that_calls_a_bean_by_reflection_calls_its_proxy() {
        with(Scoped.class, context -> {
            Object bean = context.getBean("prototype");
            try {
                Method method = bean.getClass().getMethod("count");
                method.setAccessible(true);
                assertThat(method.invoke(bean)).isEqualTo("user[ann]");
            } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Configuration
    static class Making {

        @Bean
        @Locked(name = "user", key = "'ann'")
        StringBuilder made() {
            return new StringBuilder(held());
        }
    }

    @Test
    void a_bean_method_of_a_configuration_class_makes_its_bean_under_the_lock() {
        with(Making.class, context -> assertThat(context.getBean(StringBuilder.class))
                .hasToString("user[ann]"));
    }

    @Controller
    static class Handler {

        @Locked(name = "user", key = "#user")
        String handle(String user) {
            return held();
        }
    }

    @Test
    void a_controller_is_a_bean_like_any_other() {
        with(Handler.class, context -> assertThat(context.getBean(Handler.class).handle("ann"))
                .isEqualTo("user[ann]"));
    }

    static class ByBean {

        @Locked(name = "user", key = "#bean")
        public void call(Object bean) {}
    }

    @Configuration
    static class BeansAsKeys {

        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Points points() {
            return new Points();
        }

        @Bean
        Handler handler() {
            return new Handler();
        }

        @Bean
        ByBean byBean() {
            return new ByBean();
        }
    }

    /** Its text would be another one in each JVM. */
    @Test
    void a_proxy_is_refused_as_a_key_as_what_stands_behind_it_is() {
        with(BeansAsKeys.class, context -> {
            for (Class<?> type : List.of(Points.class, Handler.class)) {
                assertThatThrownBy(() -> context.getBean(ByBean.class).call(context.getBean(type)))
                        .as(type.getSimpleName())
                        .isInstanceOf(LockUsageException.class)
                        .hasMessageContaining("key = \"#bean\"");
            }
        });
    }

    record Recorded(String name) implements Counting {

        @Override
        public String count() {
            return held();
        }
    }

    record Plain(String name) {

        @Locked(name = "user", key = "'ann'")
        public String count() {
            return held();
        }
    }

    @Configuration
    static class Records {

        @Bean
        Counting recorded() {
            return new Recorded("ann");
        }
    }

    @Configuration
    static class PlainRecords {

        @Bean
        Plain plain() {
            return new Plain("ann");
        }
    }

    @Test
    void a_record_locks_through_its_interface_and_is_refused_without_one() {
        with(
                Records.class,
                context -> assertThat(context.getBean(Counting.class).count()).isEqualTo("user[ann]"));
        assertThatThrownBy(() -> with(PlainRecords.class, context -> {}))
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("its class is final, so no proxy can extend it");
    }
}
