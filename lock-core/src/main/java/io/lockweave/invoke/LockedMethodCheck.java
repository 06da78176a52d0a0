package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.check.ExpressionCheck;
import io.lockweave.check.FallbackCheck;
import io.lockweave.check.KeyTypeCheck;
import io.lockweave.check.KotlinCode;
import io.lockweave.check.MethodModel;
import io.lockweave.check.ReflectedMethod;
import io.lockweave.check.ResultCheck;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.ast.SpelNodeImpl;

/**
 * Finds all that is wrong with what {@code @Locked} says on a method, without configuration and without running it: the
 * checks that are made when the method is first called, each with the attribute it is about. What a placeholder stands
 * for is left out.
 */
public final class LockedMethodCheck {

    private static final Placeholders OPEN = (place, text) -> text.contains("${") ? "" : text;

    private final MethodModel method;
    private final String description;
    private final List<Finding> findings = new ArrayList<>();

    private LockedMethodCheck(MethodModel method) {
        this.method = method;
        this.description = method.description();
    }

    /**
     * Something that is wrong.
     *
     * @param lock which annotation of the method, from 0
     * @param attribute which attribute; empty: the annotation as a whole
     * @param certain whether no call can go well; else it hangs on what it is called with
     */
    public record Finding(int lock, String attribute, LockUsageException problem, boolean certain) {}

    /**
     * Checks the annotations of a method.
     *
     * @param adapted whether the method's result is one for whose end a lock can be held
     * @param laterWithoutTransaction whether such a result knows no transactions
     */
    public static List<Finding> check(
            MethodModel method, List<Locked> locks, boolean adapted, boolean laterWithoutTransaction) {
        LockedMethodCheck check = new LockedMethodCheck(method);
        LockPolicy policy = null;
        for (int i = 0; i < locks.size(); i++) {
            policy = check.lock(i, locks.get(i), policy);
        }
        check.attempt(0, "", () -> ResultCheck.check(method, adapted));
        for (int i = 0; i < locks.size(); i++) {
            Locked locked = locks.get(i);
            check.attempt(i, "onUnavailable", () -> ResultCheck.skips(method, locked.onUnavailable()));
            check.attempt(
                    i, "until", () -> ResultCheck.until(method, locked.until(), adapted && laterWithoutTransaction));
        }
        return check.findings;
    }

    /**
     * Checks a method that is loaded already: all that is certainly wrong. Results that only some container knows how
     * to wait for are left out.
     */
    public static List<LockUsageException> certain(Method method) {
        MethodModel model = ReflectedMethod.of(method);
        try {
            KotlinCode.refuseInline(method, model.description());
        } catch (LockUsageException e) {
            return List.of(e); // nothing else counts then
        }
        List<Locked> locks = List.copyOf(LockedMethodReader.annotations(method));
        boolean future = new FutureResult().supports(method.getReturnType());
        boolean adapted = future || !method.getReturnType().getName().startsWith("java.");
        List<LockUsageException> all = new ArrayList<>();
        for (Finding finding : check(model, locks, adapted, future)) {
            if (finding.certain()) {
                all.add(finding.problem());
            }
        }
        try {
            ComposedAnnotations.check(method, Locked.class);
        } catch (LockUsageException e) {
            all.add(e);
        }
        return all;
    }

    /** Checks the expression of another annotation with keys. */
    public static List<Finding> checkKey(MethodModel method, String what, String text) {
        LockedMethodCheck check = new LockedMethodCheck(method);
        check.attempt(0, what, () -> ExpressionCheck.parse(KeyExpression.place(what, text, method), text, method));
        return check.findings;
    }

    private @Nullable LockPolicy lock(int index, Locked locked, @Nullable LockPolicy before) {
        int found = findings.size();
        attempt(index, "name", () -> name(locked));
        attempt(index, "permits", () -> LockPolicy.mode(description, locked, locked.permits()));
        attempt(index, "waitTime", () -> LockPolicy.time("waitTime", description, locked.waitTime(), OPEN, true));
        attempt(index, "leaseTime", () -> LockPolicy.time("leaseTime", description, locked.leaseTime(), OPEN, false));
        attempt(
                index,
                "holdAtLeast",
                () -> LockPolicy.time("holdAtLeast", description, locked.holdAtLeast(), OPEN, false));
        attempt(index, "fallback", () -> fallback(locked));
        expression(index, "key", locked.key(), locked);
        expression(index, "condition", locked.condition(), locked);
        if (findings.size() > found) {
            return before;
        }
        attempt(index, "leaseTime", () -> policy(locked).check(description));
        if (findings.size() > found) {
            return before;
        }
        LockPolicy policy = policy(locked);
        if (before == null) {
            return policy;
        }
        attempt(index, "", () -> before.with(description, policy));
        return before;
    }

    private LockPolicy policy(Locked locked) {
        return LockPolicy.of(description, locked, NameSettings.NONE, OPEN);
    }

    /** As far as it is known: a placeholder may stand for anything. */
    private String name(Locked locked) {
        return locked.name().contains("${") ? locked.name() : LockedMethodReader.name(method, locked, OPEN);
    }

    private void fallback(Locked locked) {
        if (FallbackCheck.wanted(method, locked.onUnavailable(), locked.fallback())) {
            FallbackCheck.find(locked.fallback(), method);
        }
    }

    private void expression(int index, String what, String text, Locked locked) {
        if (text.isEmpty()) {
            return;
        }
        String place = KeyExpression.place(what, text, method);
        attempt(index, what, () -> {
            SpelNodeImpl tree = ExpressionCheck.parse(place, text, method);
            if (what.equals("condition")) {
                KeyTypeCheck.condition(place, tree, method);
                return;
            }
            LockUsageException doubt = KeyTypeCheck.key(place, name(locked), tree, method);
            if (doubt != null) {
                findings.add(new Finding(index, what, doubt, false));
            }
        });
    }

    private void attempt(int index, String attribute, Runnable check) {
        try {
            check.run();
        } catch (LockUsageException e) {
            findings.add(new Finding(index, attribute, e, true));
        }
    }
}
