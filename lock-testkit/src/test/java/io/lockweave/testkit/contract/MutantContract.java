package io.lockweave.testkit.contract;

import io.lockweave.LocksBuilder;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract on a mutant, which is named by a configuration parameter. Run by {@link MutantsTest} alone. */
@ExtendWith(MutantContract.Chosen.class)
class MutantContract extends MemoryContract {

    static final String CHOSEN = "mutant";

    MutantContract(Mutant mutant) {
        super(mutant::server);
    }

    /** What mutants break would otherwise be waited for. */
    @Override
    protected LocksBuilder configure(LocksBuilder builder) {
        return builder.waitTime(Duration.ofSeconds(3));
    }

    /** Gives the constructor the mutant. */
    static final class Chosen implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Mutant.class;
        }

        @Override
        public Mutant resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return Mutant.valueOf(context.getConfigurationParameter(CHOSEN).orElseThrow());
        }
    }
}
