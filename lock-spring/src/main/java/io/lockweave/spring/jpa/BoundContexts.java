package io.lockweave.spring.jpa;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * The persistence contexts of the calling thread: of its transaction, or of its request with open-in-view.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class BoundContexts {

    private static final boolean HIBERNATE = ClassUtils.isPresent(
            "org.hibernate.engine.spi.SharedSessionContractImplementor", BoundContexts.class.getClassLoader());

    private BoundContexts() {}

    /**
     * How many entities they have read without a lock on their rows. Of other providers than Hibernate, 0 is counted.
     */
    public static int plainlyRead() {
        int count = 0;
        for (PersistenceContext context : all()) {
            count += context.plainlyRead();
        }
        return count;
    }

    static List<PersistenceContext> all() {
        Collection<Object> resources =
                TransactionSynchronizationManager.getResourceMap().values();
        if (resources.isEmpty()) {
            return List.of();
        }
        List<PersistenceContext> all = new ArrayList<>(1);
        for (Object resource : resources) {
            if (resource instanceof EntityManagerHolder holder) {
                EntityManager manager = holder.getEntityManager();
                all.add(
                        HIBERNATE && HibernateContext.isHibernate(manager)
                                ? new HibernateContext(manager)
                                : new PortableContext(manager));
            }
        }
        return all;
    }
}
