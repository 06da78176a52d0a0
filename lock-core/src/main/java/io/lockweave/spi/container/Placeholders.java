package io.lockweave.spi.container;

/** Fills in <code>${name}</code> and <code>${name:default}</code> in texts of the configuration and of annotations. */
@FunctionalInterface
public interface Placeholders {

    /**
     * The text with every placeholder replaced by its value. Placeholders in values and defaults are filled in too.
     *
     * @param place where the text stands, for the error
     * @throws io.lockweave.LockUsageException if a placeholder has neither a value nor a default, or is not closed
     */
    String resolve(String place, String text);
}
