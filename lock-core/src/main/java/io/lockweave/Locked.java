package io.lockweave;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The annotated method runs under a lock, which is released when it ends. Put it on the method that is implemented, or
 * on an annotation of your own that you put there. Repeat it to take several locks together.
 *
 * <pre>{@code
 * @Locked(name = "user", key = "#userId")
 * public void addPoints(long userId) {
 *     User user = users.find(userId);     // read under the lock
 *     user.points += compute(user);
 *     users.save(user);
 * }
 * }</pre>
 *
 * <p>Read under the lock what you change under it: take an id. An object that was read before the call is as old as the
 * wait for the lock was long, and to save it undoes what others have written since. lock-spring reads JPA's entities
 * again or refuses them; nothing else can know.
 *
 * <p>A method that returns a {@link java.util.concurrent.CompletionStage} (or a reactive type, with lock-spring) is
 * held until that result completes, fails or is cancelled.
 *
 * <p>What cannot work (an expression that does not parse, a parameter that does not exist, a fallback that does not
 * fit) is a {@link LockUsageException} before the method runs, at start-up where there is one.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Locked.List.class)
public @interface Locked {

    /**
     * Which one is locked: a SpEL expression over the parameters ({@code #userId}, {@code #order.id}, {@code #p0},
     * {@code #a0}, {@code #root.target}, {@code #root.method}, and beans such as {@code @tenants} in Spring). Empty:
     * one lock for the whole {@link #name}. A collection or array: all of its elements are locked together.
     * {@code #composite(#tenant, #id)} is one key of several parts. Each value counts by the text that
     * {@link LockKey#of(String, Object)} describes. A result that is null, blank or an empty collection is an error.
     */
    String key() default "";

    /**
     * What the key identifies, for example {@code "user"}; may contain <code>${...}</code> placeholders. Two methods
     * with one name exclude each other. Empty: the fully qualified name of the declaring class, so that the methods of
     * one class exclude each other. Set it when several classes or services guard the same thing, and before a class is
     * renamed while old and new versions run side by side.
     */
    String name() default "";

    /**
     * {@link LockMode#EXCLUSIVE} or {@link LockMode#SHARED}; {@link LockMode#PERMIT} is implied by {@link #permits}.
     */
    LockMode mode() default LockMode.EXCLUSIVE;

    /** More than 1: a semaphore of that many holders. */
    int permits() default 1;

    /** First come, first served, over all JVMs; a backend that cannot is an error. */
    boolean fair() default false;

    /**
     * How long to wait: {@code "5s"}, {@code "250ms"}, {@code "PT5S"}, {@code "0"} not at all, {@code "forever"}, or a
     * <code>${...}</code> placeholder. Empty: as configured (10 seconds).
     */
    String waitTime() default "";

    /**
     * After this time a dead holder's lock is free; written like {@link #waitTime}. Empty: as configured (30 seconds).
     */
    String leaseTime() default "";

    /** Whether the lease is kept alive while the method runs. If not, the lease is an upper bound of the hold. */
    boolean renew() default true;

    /** Keep the lock at least this long even if the method ends sooner, as for a job that several nodes start. */
    String holdAtLeast() default "";

    /** What happens when the lock was busy for the whole wait time. */
    OnUnavailable onUnavailable() default OnUnavailable.THROW;

    /**
     * For {@link OnUnavailable#FALLBACK}: the one method of the same class with the same parameters, optionally
     * followed by a {@link LockUnavailableException} or a supertype of it up to {@link Throwable}.
     */
    String fallback() default "";

    /** What happens when the lock is lost while the method runs. */
    OnLost onLost() default OnLost.THROW;

    /** Until when the lock is held. */
    Until until() default Until.AUTO;

    /**
     * Whether the call waits until the store has released the lock. {@link LockRelease#SENT} saves one round trip; a
     * lock that was lost then shows in events only. If a transaction ended under the lock, the call waits all the same.
     */
    LockRelease release() default LockRelease.CONFIGURED;

    /** Which of several configured backends. Empty: the primary one. */
    String backend() default "";

    /** A SpEL expression like {@link #key}; false: the method runs without the lock. */
    String condition() default "";

    /** Several locks of one method, taken together. */
    @Documented
    @Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @interface List {

        /** The locks. */
        Locked[] value();
    }

    /** What happens when the lock was busy for the whole wait time. */
    enum OnUnavailable {
        /** {@link LockUnavailableException}. */
        THROW,
        /** The method does not run. It returns nothing: void, an empty Optional, or null. Not for primitive results. */
        SKIP,
        /** {@link Locked#fallback} runs instead, without the lock. Not after an interrupt or a shutdown. */
        FALLBACK
    }

    /** What happens when the lock is lost while the method runs. */
    enum OnLost {
        /** {@link LockLostException} after the method, unless it threw itself; an open transaction may not commit. */
        THROW,
        /** As THROW, and the thread that runs the method is interrupted at once. */
        INTERRUPT,
        /** A warning in the log. */
        WARN
    }

    /** Until when the lock is held. */
    enum Until {
        /** {@link #TRANSACTION} if a transaction is active on entry, else {@link #RETURN}. */
        AUTO,
        /** Until the method ends. */
        RETURN,
        /** Until the transaction that is active on entry has committed or rolled back; an error if there is none. */
        TRANSACTION
    }
}
