package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.Lockweave;
import io.lockweave.WeavingCheck;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each mistake is one clear message that says where, what and what to do, before anything runs. */
class MistakesTest {

    private static final String CLASS = "io.lockweave.invoke.Mistakes.";

    private final RecordingLocks locks = new RecordingLocks();
    private final Mistakes mistakes = new Mistakes();

    @BeforeEach
    void useRecordingLocks() {
        Lockweave.use(locks);
    }

    @AfterEach
    void nothingWasLocked() {
        Lockweave.reset();
        assertThat(locks.log()).isEmpty();
    }

    @Test
    void keysThatNameNothing() {
        refused(() -> mistakes.unknownParameter("a", 1))
                .hasMessage(
                        "key = \"#user.id\" of " + CLASS + "unknownParameter(String, int): there is no parameter #user."
                                + " To fix it: use one of #account, #amount.");
        refused(() -> mistakes.forgottenHash("a"))
                .hasMessage(
                        "key = \"user.id\" of " + CLASS + "forgottenHash(String): \"user\" is neither a parameter nor a"
                                + " property of #root. To fix it: write #user.");
        refused(mistakes::forgottenQuotes)
                .hasMessageContaining("\"report\" is neither a parameter nor a property of #root")
                .hasMessageContaining("fixed texts in single quotes");
        refused(() -> mistakes.unknownProperty("a"))
                .hasMessageContaining("key = \"#user.nothing\" of " + CLASS
                        + "unknownProperty(String): java.lang.String has no property" + " \"nothing\".");
        refused(mistakes::blankKey).hasMessageContaining("key = \" \" of " + CLASS + "blankKey() is blank");
    }

    @Test
    void monitorsAroundTheLock() {
        refused(mistakes::inMonitor)
                .hasMessageContaining("inside of the monitor")
                .hasMessageContaining(CLASS + "inMonitor()")
                .hasMessageContaining("remove synchronized");
        refused(Mistakes::inMonitorOfClass).hasMessageContaining(CLASS + "inMonitorOfClass()");
        refused(() -> WeavingCheck.require(Mistakes.class))
                .hasMessageContaining(CLASS + "inMonitor()")
                .hasMessageContaining(CLASS + "inMonitorOfClass()");
    }

    @Test
    void keysThatAreNoExpressions() {
        refused(() -> mistakes.wrongSyntax("a"))
                .hasMessageContaining(
                        "key = \"#user..id\" of " + CLASS + "wrongSyntax(String) is not valid SpEL at character 6");
        refused(() -> mistakes.openText("a")).hasMessageContaining("is not valid SpEL at character 1");
        refused(() -> mistakes.assignment("a")).hasMessageContaining("cannot be evaluated");
    }

    @Test
    void names() {
        refused(mistakes::blankName).hasMessageContaining("name of " + CLASS + "blankName() is blank");
        refused(mistakes::unknownPlaceholder)
                .hasMessageContaining("name of " + CLASS + "unknownPlaceholder() = \"${nowhere}\": there is no property"
                        + " \"nowhere\"");
    }

    @Test
    void times() {
        refused(mistakes::parsecs)
                .hasMessage(
                        "waitTime of " + CLASS + "parsecs() = \"5 parsecs\" is not a time. To fix it: write it as 5s,"
                                + " 250ms, 2m, 1h, 1d, PT5S or 0, or forever.");
        refused(mistakes::endlessLease).hasMessageContaining("leaseTime of " + CLASS + "endlessLease() = \"forever\"");
        refused(mistakes::noLease).hasMessageContaining(CLASS + "noLease()").hasMessageContaining("leaseTime is 0 ms");
    }

    @Test
    void skipOfANumber() {
        refused(mistakes::skippedNumber)
                .hasMessage("onUnavailable = SKIP of " + CLASS
                        + "skippedNumber(), which returns int: a skipped method has no"
                        + " such value to return. To fix it: return Optional, void or a reference"
                        + " type, or use FALLBACK.");
    }

    @Test
    void fallbacks() {
        refused(mistakes::fallbackWithoutName)
                .hasMessageContaining("onUnavailable = FALLBACK of " + CLASS + "fallbackWithoutName() names no method");
        refused(mistakes::fallbackThatNeverRuns).hasMessageContaining("would never run: onUnavailable = THROW");
        refused(() -> mistakes.missingFallback("a", 1))
                .hasMessage("fallback = \"missing\" of " + CLASS
                        + "missingFallback(String, int): io.lockweave.invoke.Mistakes"
                        + " has no such method for these parameters. To fix it: write String missing(String,"
                        + " int), optionally"
                        + " with a LockUnavailableException as the last parameter.");
        refused(mistakes::fallbackOfAnotherType)
                .hasMessageContaining("returns int")
                .hasMessageContaining("let it return java.lang.String");
        refused(Mistakes::staticWithoutStaticFallback).hasMessageContaining("is not static");
    }

    @Test
    void modes() {
        refused(mistakes::noPermits).hasMessageContaining("permits = 0 of " + CLASS + "noPermits()");
        refused(mistakes::permitOfOne).hasMessageContaining("has permits = 1");
        refused(mistakes::skippedAfterForever)
                .hasMessage("onUnavailable = SKIP of " + CLASS
                        + "skippedAfterForever() would never happen: waitTime = forever."
                        + " To fix it: give a waitTime that ends, or leave out onUnavailable.");
        refused(mistakes::heldLongerThanItsLease)
                .hasMessageContaining("holdAtLeast = PT1M of " + CLASS + "heldLongerThanItsLease() is longer than");
        refused(mistakes::sharedPermits).hasMessageContaining("contradict each other");
    }

    @Test
    void anAttributeOfAComposedAnnotationIsThatOfLockedOnlyIfItSaysSo() {
        refused(() -> mistakes.composedWithoutAlias("a"))
                .hasMessage("@io.lockweave.invoke.Mistakes$ByKey on " + CLASS
                        + "composedWithoutAlias(String) has an attribute \"key\" like @Locked, but does not"
                        + " say whether it is"
                        + " that of @Locked. To fix it: add @AliasFor(annotation = Locked.class) to it, or"
                        + " give it another"
                        + " name.");
        refused(() -> mistakes.composedWithAlias("a")).hasMessageContaining("key = \"#user.nothing\" of ");
    }

    @Test
    void keysThatWouldBeAnotherThanOneThinks() {
        refused(() -> mistakes.parameterNamedRoot("a"))
                .hasMessageContaining("#root is the call, and also the name of a parameter")
                .hasMessageContaining("write the parameter as #p0");
        refused(() -> mistakes.digest(new byte[] {1, 2}))
                .hasMessageContaining("key = \"#digest\" of ")
                .hasMessageContaining("is a byte[], which would be a lock for each of its elements")
                .hasMessageContaining("formatHex(#digest)");
        refused(() -> mistakes.characters(new char[] {'a'})).hasMessageContaining("is a char[], which would be");
        refused(() -> mistakes.joined(null))
                .hasMessageContaining("key = \"#id + ':x'\" of ")
                .hasMessageContaining("is null");
        refused(() -> mistakes.joined(new Object())).hasMessageContaining("no toString of its own");
        refused(() -> mistakes.joined(java.util.List.of(1))).hasMessageContaining("is a List");
    }

    @Test
    void keysWhoseTypeCannotBeOne() {
        refused(() -> mistakes.keyOfArrays(new String[0][]))
                .hasMessageContaining("element 0 is not a usable value. The key value for")
                .hasMessageContaining("is a String[]");
        refused(() -> mistakes.keyWithoutText(null)).hasMessageContaining("which has no toString of its own");
        refused(() -> mistakes.hiddenProperty(null))
                .hasMessageContaining(CLASS.replace("s.", "s$Account") + " has no public property \"number\"");
        refused(() -> mistakes.conditionThatIsAText("a")).hasMessageContaining("is neither true nor false");
    }

    @Test
    void compositeKeys() {
        refused(() -> mistakes.compositeOfOne("a")).hasMessageContaining("a composite key has two parts or more");
        refused(() -> mistakes.compositeInside("a", "b"))
                .hasMessageContaining("#composite(...) cannot stand inside of this");
        refused(() -> mistakes.unknownFunction("a", "b"))
                .hasMessageContaining("there is no function #join")
                .hasMessageContaining("#composite(#a, #b)");
    }

    @Test
    void oneFallbackFits() {
        refused(() -> mistakes.twoFallbacks("a"))
                .hasMessage("fallback = \"either\" of " + CLASS + "twoFallbacks(String) fits " + CLASS
                        + "either(String) and " + CLASS
                        + "either(String, LockUnavailableException). To fix it: give all but"
                        + " one of them another name.");
        refused(() -> mistakes.fallbackThatTakesAnObject("a"))
                .hasMessageContaining("has no such method for these parameters");
    }

    @Test
    void anAnnotationThatIsGoneAtRunTime() {
        refused(mistakes::annotationThatIsGoneAtRunTime)
                .hasMessageContaining("has no @Locked at run time")
                .hasMessageContaining("put @Retention(RUNTIME) on the annotation");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(LockUsageException.class);
    }
}
