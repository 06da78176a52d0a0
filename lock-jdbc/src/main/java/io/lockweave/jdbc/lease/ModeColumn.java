package io.lockweave.jdbc.lease;

import io.lockweave.LockMode;

/** Lock modes as the lock table writes them. */
final class ModeColumn {

    private ModeColumn() {}

    static String text(LockMode mode) {
        return switch (mode) {
            case EXCLUSIVE -> "E";
            case SHARED -> "S";
            case PERMIT -> "P";
        };
    }

    static LockMode of(String text) {
        return switch (text) {
            case "S" -> LockMode.SHARED;
            case "P" -> LockMode.PERMIT;
            default -> LockMode.EXCLUSIVE; // also what a later version may write: held by somebody alone
        };
    }
}
