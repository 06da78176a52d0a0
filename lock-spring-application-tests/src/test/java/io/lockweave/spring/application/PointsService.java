package io.lockweave.spring.application;

import io.lockweave.Locked;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Adds points, in the shapes in which people write that. */
@Service
public class PointsService {

    private final Customers customers;

    public PointsService(Customers customers) {
        this.customers = customers;
    }

    /** Takes what its caller has read. */
    @Locked(name = "customer", key = "#customer.id")
    @Transactional
    public void add(Customer customer) {
        customer.addPoint();
        customers.save(customer);
    }

    /** Reads under the lock. */
    @Locked(name = "customer", key = "#id")
    @Transactional
    public void add(long id) {
        customers.findById(id).orElseThrow().addPoint();
    }
}
