package io.lockweave.jdbc;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Date;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

@AnalyzeClasses(packages = "io.lockweave.jdbc", importOptions = ImportOption.DoNotIncludeTests.class)
class JdbcArchitectureTest {

    @ArchTest
    static final ArchRule THE_CLOCK_OF_THE_MACHINE_DECIDES_NOTHING = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, Instant.class, LocalDateTime.class, Date.class, java.sql.Timestamp.class);

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
    static final ArchRule NOBODY_SLEEPS = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule ONLY_THE_API_AND_THE_SPI_ARE_USED = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.lockweave.engine..", "io.lockweave.local..", "io.lockweave.invoke..", "io.lockweave.aspect..");

    @ArchTest
    static final ArchRule OPTIONAL_LIBRARIES_ARE_KNOWN_TO_ONE_CLASS_EACH = classes()
            .that()
            .doNotHaveSimpleName("OwnPool")
            .and()
            .doNotHaveSimpleName("Notifications")
            .and()
            .doNotHaveSimpleName("OfHikari")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages("com.zaxxer..", "org.postgresql..");

    /** The package of the API is one of them: it uses the others, and none of them uses it. */
    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                    return SliceIdentifier.of(javaClass.getPackageName());
                }

                @Override
                public String getDescription() {
                    return "packages";
                }
            })
            .should()
            .beFreeOfCycles();
}
