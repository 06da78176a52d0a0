package io.lockweave.spring;

import io.lockweave.Locked;

/** A service by its interface, which carries the annotation. */
public interface Bonus {

    @Locked(name = "bonus", key = "#user")
    String grant(String user);
}
