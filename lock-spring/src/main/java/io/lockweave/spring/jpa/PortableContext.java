package io.lockweave.spring.jpa;

import jakarta.persistence.EntityManager;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What JPA tells of a persistence context: it neither lists its entities nor says which of them have changed. */
record PortableContext(EntityManager manager) implements PersistenceContext {

    @Override
    public int plainlyRead() {
        return 0;
    }

    @Override
    public @Nullable Object unproxied(Object entity) {
        return manager.getEntityManagerFactory().getPersistenceUnitUtil().isLoaded(entity) ? entity : null;
    }

    @Override
    public boolean contains(Object entity) {
        return manager.contains(entity);
    }

    @Override
    public boolean wasRead(Object entity) {
        return true;
    }

    @Override
    public @Nullable List<Object> read() {
        return null;
    }

    /** It may have, so it is not overwritten. */
    @Override
    public boolean isChanged(Object entity) {
        return true;
    }

    @Override
    public boolean drawsChangedAlong(Object entity) {
        return true;
    }

    @Override
    public boolean isAsRead(Object entity) {
        return false;
    }

    @Override
    public boolean isVersioned(Object entity) {
        return false;
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
