package io.lockweave.invoke.program;

import io.lockweave.HeldLock;
import io.lockweave.Locked;

/** A program that says which name its configuration gives its locks. Loaded by several class loaders. */
public final class Shop {

    @Locked(name = "${shop:nobody}")
    public static String sell() {
        return name();
    }

    @Locked(name = "${shop:nobody}")
    public String order() {
        return name();
    }

    private static String name() {
        return HeldLock.current().map(held -> held.key().name()).orElse("unlocked");
    }
}
