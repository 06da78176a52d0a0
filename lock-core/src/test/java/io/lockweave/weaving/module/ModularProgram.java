package io.lockweave.weaving.module;

import io.lockweave.HeldLock;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.WeavingCheck;
import java.util.function.Supplier;

/** A program that is a module of its own; prints whether its methods run under their locks. */
public final class ModularProgram {

    private ModularProgram() {}

    public static void main(String[] args) {
        Module module = ModularProgram.class.getModule();
        print("module", () -> module.isNamed() ? module.getName() : "none");
        print("text", () -> byText("1"));
        print("record", () -> byRecord(new Account("Ada", 1)));
        print("property", () -> byProperty(new Account("Ada", 1)));
        print("call", () -> byCall(new Account("Ada", 1)));
        print("check", () -> {
            WeavingCheck.require(ModularProgram.class);
            return "woven";
        });
    }

    record Account(String owner, int number) {}

    @Locked(name = "text", key = "#id")
    private static String byText(String id) {
        return held();
    }

    @Locked(name = "record", key = "#account")
    private static String byRecord(Account account) {
        return held();
    }

    @Locked(name = "property", key = "#account.owner")
    private static String byProperty(Account account) {
        return held();
    }

    @Locked(name = "call", key = "#account.owner()")
    private static String byCall(Account account) {
        return held();
    }

    private static String held() {
        return HeldLock.current().map(held -> held.key().toString()).orElse("unlocked");
    }

    private static void print(String what, Supplier<String> action) {
        String outcome;
        try {
            outcome = action.get();
        } catch (LockUsageException e) {
            outcome = "refused: " + e.getMessage();
        }
        System.out.println(what + "=" + outcome);
    }
}
