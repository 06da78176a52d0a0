package io.lockweave.spi.container;

import io.lockweave.Locks;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;

/** What locked methods need from the program around them: a container implements it, or the configuration does. */
public interface LockEnvironment {

    /**
     * The locks of a backend; of the primary one for an empty name.
     *
     * @throws io.lockweave.LockUsageException if there is no such backend
     */
    Locks locks(String backend);

    /** What overrides the annotations of this name. */
    NameSettings settings(String name);

    /** Fills in placeholders in names and times. */
    Placeholders placeholders();

    /** The transactions a lock can end with, or null if there are none. */
    default @Nullable TransactionBoundary transactions() {
        return null;
    }

    /** Kinds of results that come later, asked before the built-in one for {@code CompletionStage}. */
    default List<ResultType> resultTypes() {
        return List.of();
    }

    /** What is asked each time a locked method is about to run under locks that its call has taken. */
    default List<EntryCheck> entryChecks() {
        return List.of();
    }

    /** Resolves {@code @bean} in expressions, or null if there are none. */
    default @Nullable BeanResolver beans() {
        return null;
    }
}
