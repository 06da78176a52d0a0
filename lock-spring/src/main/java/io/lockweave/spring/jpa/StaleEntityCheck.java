package io.lockweave.spring.jpa;

import io.lockweave.LockUsageException;
import io.lockweave.spi.container.EntryCheck;
import io.lockweave.spi.container.LockedEntry;
import jakarta.persistence.EntityNotFoundException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Sees to it that a locked method does not work on entities that were read before its lock was taken, when others may
 * have changed their rows since. What the thread's persistence contexts manage is read again: {@code find} and queries
 * give the instances that are there, as they are. To detach those would lose the caller's later changes and its lazy
 * collections.
 */
final class StaleEntityCheck implements EntryCheck {

    private static final Logger LOG = System.getLogger("io.lockweave.spring");

    private static final String IGNORE = "set lockweave.jpa.stale-entities = ignore if it does no harm";

    /** From this many on, to read all of them again for each lock is worth a word. */
    private static final int MANY = 100;

    private final StaleEntities policy;
    private final EntityTypes types;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    StaleEntityCheck(StaleEntities policy, EntityTypes types) {
        this.policy = policy;
        this.types = types;
    }

    @Override
    public void entering(LockedEntry entry) {
        if (policy == StaleEntities.IGNORE) {
            return;
        }
        List<PersistenceContext> contexts = BoundContexts.all();
        for (int i = 0; i < entry.args().size(); i++) {
            for (Object one : elements(entry.args().get(i))) {
                if (one != null && types.isEntity(one)) {
                    checkArgument(entry, i, one, contexts);
                }
            }
        }
        for (PersistenceContext context : contexts) {
            checkOthers(entry, context);
        }
    }

    /** Of no other kind of collection: a publisher of Reactor may be a queue that cannot be read. */
    private static Collection<?> elements(@Nullable Object argument) {
        if (argument instanceof List<?> || argument instanceof Set<?>) {
            return (Collection<?>) argument;
        }
        return argument instanceof Object[] all ? Arrays.asList(all) : Arrays.asList(argument);
    }

    private void checkArgument(LockedEntry entry, int position, Object argument, List<PersistenceContext> contexts) {
        for (PersistenceContext context : contexts) {
            Object entity = context.unproxied(argument);
            if (entity == null) {
                return; // what was not read yet is going to be read under the lock
            }
            if (context.contains(entity)) {
                if (context.wasRead(entity)) {
                    checkManaged(entry, position, entity, context);
                }
                return;
            }
        }
        checkDetached(entry, position, argument);
    }

    private void checkManaged(LockedEntry entry, int position, Object entity, PersistenceContext context) {
        String what = entry.method() + ": argument " + position + ", an entity " + types.name(entity)
                + ", was read before the lock was taken";
        if (policy == StaleEntities.REFUSE) {
            throw new LockUsageException(what, "take its id instead, and read it under the lock");
        }
        if (context.isChanged(entity)) {
            throw new LockUsageException(
                    what + ", and has changes that were not written, or may have: to read it again would undo them, to"
                            + " write it would undo what others have written since",
                    "take its id instead, read it under the lock and change it there, or " + IGNORE);
        }
        refresh(what, entity, context);
    }

    private void checkDetached(LockedEntry entry, int position, Object entity) {
        if (types.isNew(entity) || types.isVersioned(entity)) {
            return; // nobody else has changed it, or the database refuses to write what is out of date
        }
        String what = entry.method() + ": argument " + position + ", a detached entity " + types.name(entity)
                + ", was read before the lock was taken; to save it would undo what others have written since";
        String remedy = "take its id instead and read it under the lock, give the entity a @Version, or " + IGNORE;
        if (entry.keyed().contains(position) && types.hasGeneratedId(entity)) {
            throw new LockUsageException(what, remedy);
        }
        warn(entry, what, remedy);
    }

    private void checkOthers(LockedEntry entry, PersistenceContext context) {
        List<Object> read = context.read();
        if (read == null) {
            warn(
                    entry,
                    entry.method()
                            + ": its JPA provider does not tell which entities were read before the lock was taken",
                    "take the lock before anything is read, or " + IGNORE);
            return;
        }
        if (policy == StaleEntities.REFUSE && !read.isEmpty()) {
            throw new LockUsageException(
                    entry.method() + ": " + read.size() + " entities were read before the lock was taken, such as one "
                            + types.name(read.get(0)) + ", and would be found again as they are",
                    "take the lock first, outside of the transaction and of open-in-view's reads, or set"
                            + " lockweave.jpa.stale-entities = refresh");
        }
        if (read.size() > MANY) {
            warn(
                    entry,
                    entry.method() + ": " + read.size()
                            + " entities were read before the lock was taken, and each of them" + " is read again",
                    "take the lock outside of the transaction, or clear the EntityManager before");
        }
        for (Object entity : read) {
            checkOther(entry, entity, context);
        }
    }

    private void checkOther(LockedEntry entry, Object entity, PersistenceContext context) {
        if (context.isChanged(entity) && context.isVersioned(entity)) {
            return;
        }
        String what = entry.method() + ": an entity " + types.name(entity) + " was read before the lock was taken";
        if (!context.isChanged(entity)) {
            refresh(what, entity, context);
        } else if (!context.isAsRead(entity)) {
            throw changedByOthers(what);
        }
    }

    private static void refresh(String what, Object entity, PersistenceContext context) {
        if (context.drawsChangedAlong(entity)) {
            if (!context.isAsRead(entity)) {
                throw changedByOthers(what);
            }
            return;
        }
        try {
            context.refresh(entity);
        } catch (EntityNotFoundException e) {
            if (TransactionSynchronizationManager.isActualTransactionActive()) {
                throw e; // which ends the transaction
            }
            context.detach(entity);
        }
    }

    private static LockUsageException changedByOthers(String what) {
        return new LockUsageException(
                what + "; others have changed its row since, and it has changes that were not written, or what belongs"
                        + " to it has",
                "take the lock before it is read, write the changes before (flush), or " + IGNORE);
    }

    private void warn(LockedEntry entry, String what, String remedy) {
        if (warned.add(entry.method())) {
            LOG.log(Level.WARNING, what + ". To fix it: " + remedy + ". This is said once for each method.");
        }
    }
}
