package io.lockweave.testkit.contract;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a contract class inside a test, to see which of its tests fail. */
final class ContractRun {

    private ContractRun() {}

    /** Runs the tests whose names begin so, several at a time, and names those that were aborted and that failed. */
    static void run(
            Class<?> contract, String beginning, List<String> aborted, List<String> failed, String... parameters) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(contract))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(
                        !test.isTest() || test.getDisplayName().startsWith(beginning)))
                .configurationParameters(Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "8"))
                .configurationParameters(parameters(Arrays.asList(parameters)))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                List<String> names = result.getStatus() == TestExecutionResult.Status.FAILED ? failed : aborted;
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    synchronized (names) {
                        names.add(test.getDisplayName());
                    }
                }
            }
        });
    }

    private static Map<String, String> parameters(List<String> pairs) {
        return pairs.isEmpty() ? Map.of() : Map.of(pairs.get(0), pairs.get(1));
    }
}
