package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A test that cannot fail shows nothing: each rule's tests must notice a server that breaks it. */
class MutantsTest {

    /** They mostly wait, so several run at a time. */
    @TestFactory
    Stream<DynamicTest> theTestsOfTheRuleNotice() {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<DynamicTest> tests = Arrays.stream(Mutant.values())
                .map(mutant -> {
                    Future<List<String>> run = pool.submit(() -> failedTests(mutant));
                    return DynamicTest.dynamicTest(mutant.name(), () -> assertThat(run.get())
                            .as("failed tests of %s", mutant.rule)
                            .isNotEmpty());
                })
                .toList();
        pool.shutdown();
        return tests.stream();
    }

    private static List<String> failedTests(Mutant mutant) {
        List<String> failed = new ArrayList<>();
        ContractRun.run(
                MutantContract.class, mutant.rule, new ArrayList<>(), failed, MutantContract.CHOSEN, mutant.name());
        return failed;
    }

    @Test
    void everyRuleThatAStoreCanBreakHasATestAndAMutant() {
        Set<String> rules = IntStream.of(1, 2, 3, 4, 5, 7, 8, 10, 11, 12, 13, 15, 18)
                .mapToObj(rule -> String.format("rule%02d", rule))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(Arrays.stream(Mutant.values()).map(mutant -> mutant.rule)).containsAll(rules);
        assertThat(rulesWithTests(StoreBackendContract.class)).containsAll(rules);
    }

    @Test
    void everyRuleButTheTransactionsHasATestInTheContract() {
        // rule 14 speaks of the caller's transaction, which only backends with transactions can touch: they test it
        Set<String> rules = IntStream.concat(IntStream.rangeClosed(1, 15), IntStream.of(18))
                .filter(rule -> rule != 14)
                .mapToObj(rule -> String.format("rule%02d", rule))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rulesWithTests(StoreBackendContract.class)).isEqualTo(rules);
    }

    private static Set<String> rulesWithTests(Class<?> contract) {
        return Arrays.stream(contract.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getName().split("_", 2)[0])
                .filter(prefix -> prefix.startsWith("rule"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
