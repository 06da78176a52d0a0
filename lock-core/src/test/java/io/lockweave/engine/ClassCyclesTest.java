package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Classes of the engine that need each other in a circle can only be understood together. */
class ClassCyclesTest {

    /** The largest circle there may be: a hold, its gate and those who are inside together. */
    private static final int MOST = 3;

    @Test
    void noCircleOfClassesIsLarger() {
        Map<String, Set<String>> uses = uses();
        Set<String> largest = Set.of();
        for (String start : uses.keySet()) {
            Set<String> circle = new TreeSet<>(reached(start, uses));
            circle.removeIf(other -> !reached(other, uses).contains(start));
            largest = circle.size() > largest.size() ? circle : largest;
        }
        System.out.println("The largest circle of classes of the engine has " + largest.size() + " of " + uses.size()
                + ": " + largest);
        assertThat(largest).hasSizeLessThanOrEqualTo(MOST);
    }

    /** What each class uses, with nested classes as parts of those around them. */
    private static Map<String, Set<String>> uses() {
        Collection<JavaClass> classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.lockweave.engine");
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass one : classes) {
            Set<String> used = uses.computeIfAbsent(outermost(one), name -> new TreeSet<>());
            for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                if (target.getPackageName().equals(one.getPackageName())) {
                    used.add(outermost(target));
                }
            }
        }
        return uses;
    }

    private static String outermost(JavaClass one) {
        return one.getEnclosingClass().map(ClassCyclesTest::outermost).orElse(one.getSimpleName());
    }

    private static Set<String> reached(String start, Map<String, Set<String>> uses) {
        Set<String> reached = new HashSet<>();
        Set<String> next = new HashSet<>(uses.getOrDefault(start, Set.of()));
        while (!next.isEmpty()) {
            String one = next.iterator().next();
            next.remove(one);
            if (reached.add(one)) {
                next.addAll(uses.getOrDefault(one, Set.of()));
            }
        }
        return reached;
    }
}
