package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void the_context_is_processed_and_what_locked_methods_need_by_reflection_is_kept() throws Exception {
        GenericApplicationContext context = new GenericApplicationContext();
        new AnnotatedBeanDefinitionReader(context).register(EnableLockingTest.Application.class);
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        DefaultGenerationContext generation =
                new DefaultGenerationContext(new ClassNameGenerator(ClassName.get("com.acme", "App")), files);

        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        generation.writeGeneratedContent();

        RuntimeHints hints = generation.getRuntimeHints();
        new LockweaveHints().registerHints(hints, getClass().getClassLoader());
        assertThat(hints.reflection().getTypeHint(Points.class).getMemberCategories())
                .contains(MemberCategory.INVOKE_DECLARED_METHODS);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/lockweave/redis/acquire.lua"))
                .accepts(hints);
        assertThat(files.getGeneratedFiles(Kind.SOURCE)).isNotEmpty();
    }
}
