package io.lockweave.spring.transaction;

import io.lockweave.spring.jpa.BoundContexts;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * How many entities a thread had read when its transaction began, with open-in-view for instance.
 *
 * @param count the number
 */
record ReadsAtBegin(int count) implements TransactionSynchronization {

    private static final boolean JPA =
            ClassUtils.isPresent("jakarta.persistence.EntityManager", ReadsAtBegin.class.getClassLoader())
                    && ClassUtils.isPresent(
                            "org.springframework.orm.jpa.EntityManagerHolder", ReadsAtBegin.class.getClassLoader());

    /** Told by managers of transactions. */
    static final TransactionExecutionListener LISTENER = new TransactionExecutionListener() {
        @Override
        public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
            if (JPA && failure == null && TransactionSynchronizationManager.isSynchronizationActive()) {
                int count = BoundContexts.plainlyRead();
                if (count > 0) {
                    TransactionSynchronizationManager.registerSynchronization(new ReadsAtBegin(count));
                }
            }
        }
    };

    /** Whether the thread's transaction is known to have read entities. */
    static boolean hasRead() {
        if (!JPA) {
            return false;
        }
        int before = 0;
        for (TransactionSynchronization one : TransactionSynchronizationManager.getSynchronizations()) {
            if (one instanceof ReadsAtBegin begin) {
                before = begin.count();
            }
        }
        return BoundContexts.plainlyRead() > before;
    }
}
