package io.lockweave.spring;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Each feature has a package of its own, and none needs another one that needs it. */
@AnalyzeClasses(packages = "io.lockweave.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class SpringArchitectureTest {

    @ArchTest
    static final ArchRule NO_CYCLE_OF_PACKAGES =
            slices().matching("io.lockweave.(**)").should().beFreeOfCycles();
}
