package io.lockweave.engine;

import io.lockweave.LockKey;
import java.util.Comparator;

/**
 * The namespace of these locks. Gates know their keys without it, so that a key with it and one without are one lock;
 * stores and people are given keys with it.
 */
record Namespace(String name) {

    /** The key as gates know it: without the namespace if that is the one of these locks. */
    LockKey local(LockKey key) {
        return key.namespace().isEmpty() || !key.namespace().equals(name) ? key : key.in("");
    }

    /** The key with its namespace filled in. */
    LockKey full(LockKey key) {
        return key.namespace().isEmpty() ? key.in(name) : key;
    }

    /** The order of keys with their namespaces filled in, so that all JVMs sort them alike. */
    Comparator<LockKey> order() {
        return Comparator.<LockKey, String>comparing(key -> key.namespace().isEmpty() ? name : key.namespace())
                .thenComparing(LockKey::name)
                .thenComparing(LockKey::value);
    }
}
