package io.lockweave.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A backend's own properties. Each method fails with {@link io.lockweave.LockUsageException}, naming the property, its
 * value and the valid ones, if the value cannot be read.
 */
public interface BackendSettings {

    /** A text. */
    Optional<String> text(String property);

    /** A whole number not below the least. */
    int number(String property, int least, int otherwise);

    /** True or false. */
    boolean flag(String property, boolean otherwise);

    /** A time such as {@code 5s}, {@code 250ms} or {@code PT5S}. */
    Duration duration(String property, Duration otherwise);

    /** One of these words; the first is the default. */
    String oneOf(String property, List<String> words);
}
