package io.lockweave.jdbc.dialect;

/** How strongly a row is locked, as databases know it. */
public enum LockStrength {
    UPDATE,
    NO_KEY_UPDATE,
    SHARE,
    KEY_SHARE
}
