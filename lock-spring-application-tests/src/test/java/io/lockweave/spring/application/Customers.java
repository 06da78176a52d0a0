package io.lockweave.spring.application;

import io.lockweave.Locked;
import io.lockweave.jdbc.LockedRow;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.transaction.annotation.Transactional;

/** All customers. */
public interface Customers extends JpaRepository<Customer, Long> {

    /** Reads and writes under a lock, in a method that the repository itself has. */
    @Locked(name = "customer", key = "#id")
    @Transactional
    default void addPoint(long id) {
        findById(id).orElseThrow().addPoint();
    }

    /** Locks the row in the transaction of its caller, then reads it. */
    @LockedRow(table = "customer", key = "#id")
    Customer findLockedById(long id);
}
