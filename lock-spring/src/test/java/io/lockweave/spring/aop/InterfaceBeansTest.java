package io.lockweave.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.spring.EnableLocking;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Beans whose class is made at run time, with {@code @Locked} on their interface: repositories, mappers, clients,
 * lambdas.
 */
class InterfaceBeansTest {

    @Configuration
    @EnableLocking
    static class Application {}

    /** As an application writes it. */
    public interface Mapper {

        @Locked(key = "#id")
        LockKey touch(long id);
    }

    /** What it extends may carry the annotation. */
    public interface SpecialMapper extends Mapper {}

    /** Its expression names nothing. */
    public interface WrongMapper {

        @Locked(key = "#idd")
        LockKey touch(long id);
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
                        case "touch" -> HeldLock.current().map(HeldLock::key).orElse(null);
                        case "equals" -> proxy == args[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "mapper";
                    }));
        }

        @Override
        public Class<?> getObjectType() {
            return type;
        }
    }

    private static void with(
            Consumer<AnnotationConfigApplicationContext> beans, Consumer<AnnotationConfigApplicationContext> use) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class);
            beans.accept(context);
            context.refresh();
            use.accept(context);
        }
    }

    private static final LockKey SEVEN = LockKey.of(Mapper.class.getName(), 7L);

    @Test
    void a_proxy_that_a_factory_bean_makes() {
        with(
                context -> context.registerBean(
                        "mapper", MapperFactory.class, () -> new MapperFactory<>(SpecialMapper.class)),
                context -> assertThat(
                                context.getBean(SpecialMapper.class).touch(7).in(""))
                        .isEqualTo(SEVEN));
    }

    @Test
    void a_proxy_that_a_method_makes() {
        with(
                context -> context.registerBean(
                        "mapper", Mapper.class, () -> new MapperFactory<>(Mapper.class).getObject()),
                context -> assertThat(context.getBean(Mapper.class).touch(7).in(""))
                        .isEqualTo(SEVEN));
    }

    @Test
    void a_lambda() {
        with(
                context -> context.registerBean(
                        "mapper",
                        Mapper.class,
                        () -> id -> HeldLock.current().map(HeldLock::key).orElse(null)),
                context -> assertThat(context.getBean(Mapper.class).touch(7).in(""))
                        .isEqualTo(SEVEN));
    }

    @Test
    void its_expressions_are_checked_at_the_start() {
        assertThatThrownBy(() -> with(
                        context -> context.registerBean(
                                "mapper", MapperFactory.class, () -> new MapperFactory<>(WrongMapper.class)),
                        context -> {}))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Bean \"mapper\"")
                .hasMessageContaining("WrongMapper.touch(long)")
                .hasMessageContaining("there is no parameter #idd");
    }
}
