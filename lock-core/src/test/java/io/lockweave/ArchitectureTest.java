package io.lockweave;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Who may know whom, and who may touch time. */
@AnalyzeClasses(packages = "io.lockweave", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theSpiKnowsOnlyTheApi = noClasses()
            .that()
            .resideInAPackage("io.lockweave.spi..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "io.lockweave.engine..",
                    "io.lockweave.invoke..",
                    "io.lockweave.aspect..",
                    "io.lockweave.config..",
                    "io.lockweave.local.."));

    @ArchTest
    static final ArchRule backendsDoNotKnowContainers = noClasses()
            .that()
            .resideInAnyPackage("io.lockweave.spi", "io.lockweave.engine..", "io.lockweave.local..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lockweave.spi.container..");

    @ArchTest
    static final ArchRule theEngineKnowsNeitherAnnotationsNorBackends = noClasses()
            .that()
            .resideInAPackage("io.lockweave.engine..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "io.lockweave.invoke..", "io.lockweave.aspect..", "io.lockweave.config..", "io.lockweave.local.."));

    @ArchTest
    static final ArchRule theInvokerDoesNotKnowItsCallers = noClasses()
            .that()
            .resideInAPackage("io.lockweave.invoke..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.lockweave.aspect..", "io.lockweave.local.."));

    @ArchTest
    static final ArchRule onlyTheAspectKnowsAspectJ = noClasses()
            .that()
            .resideOutsideOfPackage("io.lockweave.aspect..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.aspectj..");

    @ArchTest
    static final ArchRule onlyTheInvokerAndItsUsersKnowSpringsExpressions = noClasses()
            .that()
            .resideInAnyPackage("io.lockweave.engine..", "io.lockweave.spi", "io.lockweave.local..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule apiValuesDoNotKnowTheInside = noClasses()
            .that()
            .resideInAPackage("io.lockweave")
            .and()
            .haveNameNotMatching(".*\\.(Locks|LocksBuilder|LockScope|HeldLock|Lockweave|UnwovenCallers|WeavingCheck"
                    + "|WeavingReport)(\\$.*)?")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "io.lockweave.engine..",
                    "io.lockweave.invoke..",
                    "io.lockweave.aspect..",
                    "io.lockweave.config..",
                    "io.lockweave.local.."));

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(TimeUnit.class, "sleep", long.class)
            .orShould()
            .callMethod(Object.class, "wait")
            .orShould()
            .callMethod(Object.class, "wait", long.class);

    @ArchTest
    static final ArchRule onlyTheTimeSourceParksAndReadsTheClock = noClasses()
            .that()
            .haveNameNotMatching(".*\\.SystemTimeSource")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(LockSupport.class, "parkNanos", Object.class, long.class)
            .orShould()
            .callMethod(LockSupport.class, "park", Object.class)
            .orShould()
            .callMethod(Instant.class, "now");

    /** All others are made so that they inherit nothing; see there. */
    @ArchTest
    static final ArchRule threadsInheritNothing = noClasses()
            .that()
            .doNotHaveSimpleName("BackgroundThreads")
            .should()
            .callConstructorWhere(target(owner(assignableTo(Thread.class))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(Executors.class)))
                    .and(describe("makes its own threads", call -> call.getTarget().getRawParameterTypes().stream()
                            .noneMatch(type -> type.isAssignableTo(ThreadFactory.class)))));

    @ArchTest
    static final ArchRule onlyFencesReadTheWallClock = noClasses()
            .that()
            .haveNameNotMatching(".*\\.FenceCounters")
            .should()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule classesAreFinalOrAbstract = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .should()
            .haveModifier(FINAL)
            .orShould()
            .haveModifier(ABSTRACT);

    @ArchTest
    static final ArchRule exceptionsAreOurs =
            classes().that().areAssignableTo(Exception.class).should().beAssignableTo(LockException.class);
}
