package io.lockweave.spring;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Each feature has a package of its own, and none needs another one that needs it. */
@AnalyzeClasses(packages = "io.lockweave.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class SpringArchitectureTest {

    /** What a container calls, as the package {@code io.lockweave.spi.container} lists it, and what makes messages. */
    @ArchTest
    static final ArchRule ONLY_WHAT_CONTAINERS_CALL = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "io.lockweave.engine..",
                            "io.lockweave.local..",
                            "io.lockweave.aspect..",
                            "io.lockweave.invoke..",
                            "io.lockweave.config..")
                    .and(not(nameMatching("io\\.lockweave\\.(config|invoke)\\."
                            + "(LockweaveConfig|BackendLocks|DurationText|PropertyPrefix|ConfiguredEnvironment"
                            + "|LockedInvoker|LockUse|Applications?|Placement|ComposedAnnotations|KeyExpression"
                            + "|FinishedResult)(\\$.*)?"))));

    /** All others are made so that they inherit nothing; see there. */
    @ArchTest
    static final ArchRule THREADS_INHERIT_NOTHING = noClasses()
            .that()
            .doNotHaveSimpleName("BackgroundThreads")
            .should()
            .callConstructorWhere(target(owner(assignableTo(Thread.class))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(Executors.class)))
                    .and(describe("makes its own threads", call -> call.getTarget().getRawParameterTypes().stream()
                            .noneMatch(type -> type.isAssignableTo(ThreadFactory.class)))));

    @ArchTest
    static final ArchRule NO_CYCLE_OF_PACKAGES =
            slices().matching("io.lockweave.(**)").should().beFreeOfCycles();
}
