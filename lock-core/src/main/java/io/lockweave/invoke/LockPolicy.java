package io.lockweave.invoke;

import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.config.DurationText;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a method is locked: all that {@code @Locked} says beside name, key and condition, with what is configured for the
 * name on top.
 */
record LockPolicy(
        String backend,
        LockOptions options,
        Locked.OnUnavailable onUnavailable,
        String fallback,
        Locked.OnLost onLost,
        Locked.Until until) {

    static LockPolicy of(String method, Locked locked, NameSettings settings, Placeholders placeholders) {
        return new LockPolicy(
                settings.backend() != null
                        ? settings.backend()
                        : placeholders.resolve("backend of " + method, locked.backend()),
                options(method, locked, settings, placeholders),
                settings.onUnavailable() != null ? settings.onUnavailable() : locked.onUnavailable(),
                keepsFallback(settings) ? locked.fallback() : "",
                settings.onLost() != null ? settings.onLost() : locked.onLost(),
                locked.until());
    }

    private static LockOptions options(String method, Locked locked, NameSettings settings, Placeholders placeholders) {
        int permits = settings.permits() != null ? settings.permits() : locked.permits();
        LockMode mode = mode(method, locked, permits);
        LockOptions options = LockOptions.defaults()
                .fair(or(settings.fair(), locked.fair()))
                .renew(or(settings.renew(), locked.renew()))
                .release(settings.release() != null ? settings.release() : locked.release());
        LockOptions ofMode = mode == LockMode.SHARED ? options.shared() : options.permits(permits);
        return timed(
                method,
                ofMode,
                first(settings.waitTime(), time("waitTime", method, locked.waitTime(), placeholders, true)),
                first(settings.leaseTime(), time("leaseTime", method, locked.leaseTime(), placeholders, false)),
                first(settings.holdAtLeast(), time("holdAtLeast", method, locked.holdAtLeast(), placeholders, false)));
    }

    private static LockOptions timed(
            String method,
            LockOptions options,
            @Nullable Duration waitTime,
            @Nullable Duration leaseTime,
            @Nullable Duration holdAtLeast) {
        LockOptions timed = options;
        try {
            timed = waitTime == null ? timed : timed.waitTime(waitTime);
            if (leaseTime != null) {
                DurationText.requireLease("leaseTime", leaseTime);
                timed = timed.leaseTime(leaseTime);
            }
            return holdAtLeast == null ? timed : timed.holdAtLeast(holdAtLeast);
        } catch (LockUsageException e) {
            throw at(method, e);
        }
    }

    private static LockUsageException at(String method, LockUsageException why) {
        return new LockUsageException(method + ": " + why.problem(), why.remedy(), why);
    }

    /** Whoever configures another way than the annotation's does without its fallback. */
    private static boolean keepsFallback(NameSettings settings) {
        return settings.onUnavailable() == null || settings.onUnavailable() == Locked.OnUnavailable.FALLBACK;
    }

    static LockMode mode(String method, Locked locked, int permits) {
        if (permits < 1 || permits > LockOptions.MAX_PERMITS) {
            throw new LockUsageException(
                    "permits = " + permits + " of " + method, "give a number between 1 and " + LockOptions.MAX_PERMITS);
        }
        if (permits > 1 && locked.mode() == LockMode.SHARED) {
            throw new LockUsageException(
                    "mode = SHARED and permits = " + permits + " of " + method + " contradict each other",
                    "choose one: SHARED for any number of readers beside no writer, permits for at most so many"
                            + " holders");
        }
        if (permits == 1 && locked.mode() == LockMode.PERMIT) {
            throw new LockUsageException(
                    "mode = PERMIT of " + method + " has permits = 1",
                    "set permits to how many may hold it; the mode" + " follows from that");
        }
        return permits > 1 ? LockMode.PERMIT : locked.mode();
    }

    static @Nullable Duration time(
            String what, String method, String text, Placeholders placeholders, boolean endless) {
        String place = what + " of " + method;
        String plain = placeholders.resolve(place, text);
        if (plain.isBlank()) {
            return null;
        }
        return endless ? DurationText.parse(place, plain) : DurationText.parseFinite(place, plain);
    }

    /** One policy for all locks of a method, which are taken together: what one leaves out, the others say. */
    LockPolicy with(String method, LockPolicy other) {
        LockOptions more = other.options;
        same("mode", method, options.mode(), more.mode());
        same("permits", method, options.permits(), more.permits());
        same("fair", method, options.fair(), more.fair());
        same("renew", method, options.renew(), more.renew());
        same("onUnavailable", method, onUnavailable, other.onUnavailable);
        same("onLost", method, onLost, other.onLost);
        same("release", method, options.release(), more.release());
        same("until", method, until, other.until);
        return new LockPolicy(
                either("backend", method, backend, other.backend),
                timed(
                        method,
                        options,
                        agreed("waitTime", method, options.waitTime(), more.waitTime()),
                        agreed("leaseTime", method, options.leaseTime(), more.leaseTime()),
                        agreed("holdAtLeast", method, least(options), least(more))),
                onUnavailable,
                either("fallback", method, fallback, other.fallback),
                onLost,
                until);
    }

    /** Null if it is not said. */
    private static @Nullable Duration least(LockOptions options) {
        return options.holdAtLeast().isZero() ? null : options.holdAtLeast();
    }

    private static String either(String what, String method, String one, String other) {
        return Objects.requireNonNull(
                agreed(what, method, one.isEmpty() ? null : one, other.isEmpty() ? null : other, ""));
    }

    private static @Nullable Duration agreed(
            String what, String method, @Nullable Duration one, @Nullable Duration other) {
        return agreed(what, method, one, other, null);
    }

    private static <T> @Nullable T agreed(
            String what, String method, @Nullable T one, @Nullable T other, @Nullable T neither) {
        if (one != null && other != null) {
            same(what, method, one, other);
        }
        return one != null ? one : other != null ? other : neither;
    }

    private static void same(String what, String method, Object one, Object other) {
        if (!one.equals(other)) {
            throw new LockUsageException(
                    "The locks of " + method + " are taken together, but say " + what + " = " + one + " and " + what
                            + " = " + other,
                    "give them the same " + what + ", or take one of them in a method of its own around this one");
        }
    }

    /**
     * Makes sure that its times go together.
     *
     * @throws LockUsageException if they do not
     */
    void check(String method) {
        Duration leaseTime = options.leaseTime();
        if (LockOptions.FOREVER.equals(options.waitTime()) && onUnavailable != Locked.OnUnavailable.THROW) {
            throw new LockUsageException(
                    "onUnavailable = " + onUnavailable + " of " + method + " would never happen: waitTime = forever",
                    "give a waitTime that ends, or leave out onUnavailable");
        }
        boolean fits =
                options.renew() || leaseTime == null || options.holdAtLeast().compareTo(leaseTime) <= 0;
        if (!fits) {
            throw new LockUsageException(
                    "holdAtLeast = " + options.holdAtLeast() + " of " + method + " is longer than leaseTime = "
                            + leaseTime + ", after which the lock is free since renew = false",
                    "give a longer leaseTime, or let the lock be renewed");
        }
    }

    private static boolean or(@Nullable Boolean configured, boolean annotated) {
        return configured != null ? configured : annotated;
    }

    private static @Nullable Duration first(@Nullable Duration configured, @Nullable Duration annotated) {
        return configured != null ? configured : annotated;
    }
}
