package io.lockweave.redis;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

@AnalyzeClasses(packages = "io.lockweave.redis", importOptions = ImportOption.DoNotIncludeTests.class)
class RedisArchitectureTest {

    @ArchTest
    static final ArchRule ONLY_THE_API_AND_THE_SPI_ARE_USED = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.lockweave.engine..", "io.lockweave.local..", "io.lockweave.invoke..", "io.lockweave.aspect..");

    /** All are made so that they inherit nothing; see {@link io.lockweave.spi.BackgroundThreads}. */
    @ArchTest
    static final ArchRule THREADS_INHERIT_NOTHING = noClasses()
            .should()
            .callConstructorWhere(target(owner(assignableTo(Thread.class))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(Executors.class)))
                    .and(describe("makes its own threads", call -> call.getTarget().getRawParameterTypes().stream()
                            .noneMatch(type -> type.isAssignableTo(ThreadFactory.class)))));
}
