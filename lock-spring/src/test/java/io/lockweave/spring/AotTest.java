package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.Locked;
import io.lockweave.jdbc.LockedRow;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

/** The application is processed ahead of time, as for a native image. */
class AotTest {

    private final DefaultGenerationContext generation = new DefaultGenerationContext(
            new ClassNameGenerator(ClassName.get("com.acme", "App")), new InMemoryGeneratedFiles());

    private RuntimeHints hintsOf(Class<?>... configurations) {
        GenericApplicationContext context = new GenericApplicationContext();
        new AnnotatedBeanDefinitionReader(context).register(configurations);
        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        generation.writeGeneratedContent();
        RuntimeHints hints = generation.getRuntimeHints();
        new LockweaveHints().registerHints(hints, getClass().getClassLoader());
        return hints;
    }

    @Test
    void the_context_is_processed_and_what_locked_methods_need_by_reflection_is_kept() {
        RuntimeHints hints = hintsOf(EnableLockingTest.Application.class);
        assertThat(hints.reflection().getTypeHint(Points.class).getMemberCategories())
                .contains(MemberCategory.INVOKE_DECLARED_METHODS);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/lockweave/redis/acquire.lua"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/lockweave/jdbc/schema-postgresql.sql"))
                .accepts(hints);
        assertThat(((InMemoryGeneratedFiles) generation.getGeneratedFiles()).getGeneratedFiles(Kind.SOURCE))
                .isNotEmpty();
    }

    record Customer(long id) {}

    record Line(Article article) {}

    record Article(long id) {}

    record Order(Customer customer, List<Line> lines) {}

    static class Orders {

        @Locked(name = "customer", key = "#order.customer.id")
        public void accept(Order order) {}

        @LockedRow(table = "article", key = "#p0.lines.![article.id]")
        public void reserve(Order order) {}
    }

    static class Rows {

        @LockedRow(table = "article", key = "#article.id")
        public void change(Article article) {}
    }

    @Test
    void members_of_members_are_kept_and_those_of_locked_rows() {
        RuntimeHints hints = hintsOf(EnableLockingTest.Application.class, Orders.class, Rows.class);
        for (Class<?> type :
                List.of(Orders.class, Order.class, Customer.class, Line.class, Article.class, Rows.class)) {
            assertThat(hints.reflection().getTypeHint(type))
                    .as(type.getSimpleName())
                    .isNotNull();
        }
    }
}
