package io.lockweave.spi.container;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the properties {@code lockweave.*} come from. A container implements it over its own ones. */
public interface LockweaveProperties {

    /** The names of all that are set, without {@code lockweave.} before them. */
    Set<String> names();

    /** The value of {@code lockweave.<name>} with its placeholders filled in, stripped; null if it is not set. */
    @Nullable
    String find(String name);

    /** The property in full and where it stands, for messages. */
    String place(String name);

    /** Fills in placeholders from all properties there are. */
    Placeholders placeholders();

    /** Further properties that are valid because the container itself reads them, without {@code lockweave.}. */
    default Set<String> more() {
        return Set.of();
    }

    /** Further backends that may be named because the container itself makes them. */
    default Set<String> backends() {
        return Set.of();
    }
}
