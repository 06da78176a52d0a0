package io.lockweave.check;

import io.lockweave.LockUsageException;

/** What is wrong with annotations that carry {@code @Locked}, and with where {@code @Locked} stands. */
public final class AnnotationCheck {

    private static final String OR_WEAVE = ", or weave the class with AspectJ (lockweave.mode = aspectj)";

    private AnnotationCheck() {}

    /** Of an attribute that may or may not be one of ours, {@code Locked}. */
    public static LockUsageException ambiguous(String annotation, String attribute, String ours, String method) {
        return new LockUsageException(
                "@" + annotation + " on " + method + " has an attribute \"" + attribute + "\" like @" + ours
                        + ", but does not say whether it is that of @" + ours,
                "add @AliasFor(annotation = " + ours + ".class) to it, or give it another name");
    }

    /** Of an annotation that the class file does not show when the method runs. */
    public static LockUsageException goneAtRunTime(String method) {
        return new LockUsageException(
                method + " is to run locked, but has no @Locked at run time",
                "put @Retention(RUNTIME) on the annotation that carries @Locked");
    }

    /** Of methods under proxies. */
    public static LockUsageException staticMethod(String method) {
        return new LockUsageException(
                "@Locked on " + method + " has no effect: it is static, and a proxy stands before an object",
                "make it an instance method" + OR_WEAVE);
    }

    /** Of methods under proxies. */
    public static LockUsageException privateMethod(String method) {
        return new LockUsageException(
                "@Locked on " + method + " has no effect: it is private, so no call of it goes through the proxy",
                "make it public and call it from another bean" + OR_WEAVE);
    }

    /** Of methods under proxies. */
    public static LockUsageException finalMethod(String method) {
        return new LockUsageException(
                "@Locked on " + method + " has no effect: it is final, so the proxy cannot override it",
                "remove final" + OR_WEAVE);
    }

    /** Of rows, which are locked through proxies alone. */
    public static LockUsageException rowWithoutProxy(String method) {
        return new LockUsageException(
                "@LockedRow on " + method + " has no effect: no proxy can override a private, static or final method",
                "make it a public method that is called from another bean");
    }

    /** Of an annotation of another library that has the same name. */
    public static LockUsageException lomboksLocked(String method) {
        return new LockUsageException(
                "@lombok.Locked on " + method + " locks this object in this JVM alone; Lockweave does not see it",
                "import io.lockweave.Locked, if that was meant");
    }

    /** Of a call that no proxy sees. */
    public static LockUsageException selfInvocation(String caller, long line, String method, String lock) {
        return new LockUsageException(
                caller + " calls " + method + " of the same object in line " + line
                        + ", where no proxy sees it, so it runs without its lock" + lock,
                "move one of them to another bean, let the bean get itself (@Lazy) and call that" + OR_WEAVE);
    }
}
