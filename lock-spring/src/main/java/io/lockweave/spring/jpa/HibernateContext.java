package io.lockweave.spring.jpa;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.LockMode;
import org.hibernate.engine.spi.CascadeStyle;
import org.hibernate.engine.spi.CascadingActions;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.engine.spi.Status;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.proxy.LazyInitializer;
import org.jspecify.annotations.Nullable;

/** Hibernate's persistence context. One for each look at it: what has changed is found out once. */
final class HibernateContext implements PersistenceContext {

    private final EntityManager manager;
    private final SharedSessionContractImplementor session;
    private @Nullable Set<Object> changed;

    HibernateContext(EntityManager manager) {
        this.manager = manager;
        this.session = (SharedSessionContractImplementor) manager.getDelegate();
    }

    static boolean isHibernate(EntityManager manager) {
        return manager.getDelegate() instanceof SharedSessionContractImplementor;
    }

    /**
     * What was inserted or updated here, or read with a lock, is no proof: databases do not read from the snapshot for
     * it.
     */
    @Override
    public int plainlyRead() {
        int count = 0;
        for (Map.Entry<Object, EntityEntry> one :
                session.getPersistenceContextInternal().reentrantSafeEntityEntries()) {
            LockMode mode = one.getValue().getLockMode();
            if (mode == LockMode.NONE || mode == LockMode.READ) {
                count++;
            }
        }
        return count;
    }

    @Override
    public @Nullable Object unproxied(Object entity) {
        if (entity instanceof HibernateProxy proxy) {
            LazyInitializer lazy = proxy.getHibernateLazyInitializer();
            return lazy.isUninitialized() ? null : lazy.getImplementation();
        }
        return entity;
    }

    @Override
    public boolean contains(Object entity) {
        return entry(entity) != null;
    }

    private @Nullable EntityEntry entry(Object entity) {
        return session.getPersistenceContextInternal().getEntry(entity);
    }

    private EntityEntry known(Object entity) {
        EntityEntry entry = entry(entity);
        if (entry == null) {
            throw new IllegalArgumentException("Not an entity of this persistence context");
        }
        return entry;
    }

    @Override
    public boolean wasRead(Object entity) {
        return wasRead(known(entity));
    }

    @Override
    public List<Object> read() {
        List<Object> read = new ArrayList<>();
        for (Map.Entry<Object, EntityEntry> one :
                session.getPersistenceContextInternal().reentrantSafeEntityEntries()) {
            if (wasRead(one.getValue())) {
                read.add(one.getKey());
            }
        }
        return read;
    }

    /** Not those that are new, to be deleted, or of a kind that never changes. */
    private static boolean wasRead(EntityEntry entry) {
        return (entry.getStatus() == Status.MANAGED || entry.getStatus() == Status.READ_ONLY)
                && entry.isExistsInDatabase()
                && entry.getPersister().isMutable();
    }

    @Override
    public boolean isChanged(Object entity) {
        return changed().contains(entity);
    }

    private Set<Object> changed() {
        Set<Object> known = changed;
        if (known == null) {
            known = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Map.Entry<Object, EntityEntry> one :
                    session.getPersistenceContextInternal().reentrantSafeEntityEntries()) {
                if (!wasRead(one.getValue()) || isChanged(one.getKey(), one.getValue())) {
                    known.add(one.getKey());
                }
            }
            addOwnersOfChangedCollections(known);
            changed = known;
        }
        return known;
    }

    private boolean isChanged(Object entity, EntityEntry entry) {
        Object[] loaded = entry.getLoadedState();
        EntityPersister persister = entry.getPersister();
        return loaded != null && persister.findDirty(persister.getValues(entity), loaded, entity, session) != null;
    }

    private void addOwnersOfChangedCollections(Set<Object> known) {
        session.getPersistenceContextInternal()
                .forEachCollectionEntry(
                        (collection, entry) -> {
                            Object owner = collection.getOwner();
                            if (owner != null && (collection.isDirty() || collection.hasQueuedOperations())) {
                                known.add(owner);
                            }
                        },
                        true);
    }

    @Override
    public boolean drawsChangedAlong(Object entity) {
        return !changed().isEmpty() && cascadesRefresh(known(entity).getPersister());
    }

    private static boolean cascadesRefresh(EntityPersister persister) {
        for (CascadeStyle style : persister.getPropertyCascadeStyles()) {
            if (style.doCascade(CascadingActions.REFRESH)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isAsRead(Object entity) {
        EntityEntry entry = known(entity);
        Object[] loaded = entry.getLoadedState();
        EntityPersister persister = entry.getPersister();
        if (loaded == null || !wasRead(entry)) {
            return true; // it is not written, or not there yet
        }
        Object[] row = persister.getDatabaseSnapshot(entry.getId(), session);
        return row != null && persister.findModified(row, loaded, entity, session) == null;
    }

    @Override
    public boolean isVersioned(Object entity) {
        return known(entity).getPersister().isVersioned();
    }

    @Override
    public void refresh(Object entity) {
        manager.refresh(entity);
    }

    @Override
    public void detach(Object entity) {
        manager.detach(entity);
    }
}
