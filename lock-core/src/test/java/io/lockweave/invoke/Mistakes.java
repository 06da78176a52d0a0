package io.lockweave.invoke;

import io.lockweave.LockMode;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import io.lockweave.Locked.OnUnavailable;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/** What people write before they read the documentation. None of these may run. */
class Mistakes {

    @Locked(key = "#user.id")
    void unknownParameter(String account, int amount) {
        ran();
    }

    @Locked(key = "#user..id")
    void wrongSyntax(String user) {
        ran();
    }

    @Locked(key = "'open")
    void openText(String user) {
        ran();
    }

    @Locked(key = "user.id")
    void forgottenHash(String user) {
        ran();
    }

    @Locked(key = "report")
    void forgottenQuotes() {
        ran();
    }

    @Locked(key = " ")
    void blankKey() {
        ran();
    }

    @Locked(key = "#user.nothing")
    void unknownProperty(String user) {
        ran();
    }

    @Locked(key = "#user = 'x'")
    void assignment(String user) {
        ran();
    }

    @Locked
    synchronized void inMonitor() {
        ran();
    }

    @Locked
    static synchronized void inMonitorOfClass() {
        throw new AssertionError("ran");
    }

    @Locked(name = " ")
    void blankName() {
        ran();
    }

    @Locked(name = "${nowhere}")
    void unknownPlaceholder() {
        ran();
    }

    @Locked(waitTime = "5 parsecs")
    void parsecs() {
        ran();
    }

    @Locked(leaseTime = "forever")
    void endlessLease() {
        ran();
    }

    @Locked(leaseTime = "0")
    void noLease() {
        ran();
    }

    @Locked(onUnavailable = OnUnavailable.SKIP)
    int skippedNumber() {
        ran();
        return 1;
    }

    @Locked(onUnavailable = OnUnavailable.FALLBACK)
    void fallbackWithoutName() {
        ran();
    }

    @Locked(fallback = "instead")
    void fallbackThatNeverRuns() {
        ran();
    }

    @Locked(onUnavailable = OnUnavailable.FALLBACK, fallback = "missing")
    String missingFallback(String text, int number) {
        ran();
        return "";
    }

    @Locked(onUnavailable = OnUnavailable.FALLBACK, fallback = "number")
    String fallbackOfAnotherType() {
        ran();
        return "";
    }

    int number() {
        return 1;
    }

    @Locked(onUnavailable = OnUnavailable.FALLBACK, fallback = "number")
    static int staticWithoutStaticFallback() {
        ran();
        return 1;
    }

    @Locked(permits = 0)
    void noPermits() {
        ran();
    }

    @Locked(mode = LockMode.PERMIT)
    void permitOfOne() {
        ran();
    }

    @Locked(mode = LockMode.SHARED, permits = 2)
    void sharedPermits() {
        ran();
    }

    @Locked(waitTime = "forever", onUnavailable = OnUnavailable.SKIP)
    void skippedAfterForever() {
        ran();
    }

    @Locked(leaseTime = "30s", renew = false, holdAtLeast = "1m")
    void heldLongerThanItsLease() {
        ran();
    }

    @Locked(key = "#accounts")
    void keyOfArrays(String[][] accounts) {
        ran();
    }

    @Locked(key = "#account")
    void keyWithoutText(Account account) {
        ran();
    }

    /** No toString. */
    static final class Account {
        String number = "";
    }

    @Locked(key = "#account.number")
    void hiddenProperty(Account account) {
        ran();
    }

    @Locked(condition = "#user")
    void conditionThatIsAText(String user) {
        ran();
    }

    @Locked
    java.util.concurrent.Future<String> future() {
        ran();
        return null;
    }

    @Locked
    java.util.stream.Stream<String> stream() {
        ran();
        return null;
    }

    @Locked(until = Locked.Until.TRANSACTION)
    java.util.concurrent.CompletableFuture<String> futureUntilTransaction() {
        ran();
        return null;
    }

    @Locked(name = "from", key = "#from", permits = 2)
    @Locked(name = "to", key = "#to")
    void together(String from, String to) {
        ran();
    }

    @Locked(key = "'${tenant}:' + #id")
    void placeholderInAKey(String id) {
        ran();
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.CLASS)
    @Locked
    @interface Forgotten {}

    @Forgotten
    void annotationThatIsGoneAtRunTime() {
        ran();
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Locked(name = "user", key = "'nobody'")
    @interface ByKey {
        String key();
    }

    @ByKey(key = "#user")
    void composedWithoutAlias(String user) {
        ran();
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Locked(name = "user")
    @interface ByKeyAliased {
        @AliasFor(annotation = Locked.class)
        String key();
    }

    @ByKeyAliased(key = "#user.nothing")
    void composedWithAlias(String user) {
        ran();
    }

    @Locked(key = "#root")
    void parameterNamedRoot(String root) {
        ran();
    }

    @Locked(key = "#digest")
    void digest(byte[] digest) {
        ran();
    }

    @Locked(key = "#name")
    void characters(char[] name) {
        ran();
    }

    @Locked(key = "#composite(#a)")
    void compositeOfOne(String a) {
        ran();
    }

    @Locked(key = "#composite(#a, #b) == 'x'")
    void compositeInside(String a, String b) {
        ran();
    }

    @Locked(key = "#join(#a, #b)")
    void unknownFunction(String a, String b) {
        ran();
    }

    @Locked(key = "#id + ':x'")
    void joined(Object id) {
        ran();
    }

    @Locked(onUnavailable = OnUnavailable.FALLBACK, fallback = "either")
    String twoFallbacks(String text) {
        ran();
        return "";
    }

    String either(String text) {
        return "";
    }

    String either(String text, LockUnavailableException failure) {
        return "";
    }

    @Locked(onUnavailable = OnUnavailable.FALLBACK, fallback = "withObject")
    String fallbackThatTakesAnObject(String text) {
        ran();
        return "";
    }

    String withObject(String text, Object failure) {
        return "";
    }

    private static void ran() {
        throw new AssertionError("ran without its lock");
    }
}
