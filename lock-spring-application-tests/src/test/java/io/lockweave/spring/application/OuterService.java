package io.lockweave.spring.application;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Calls the locked service in a transaction of its own. */
@Service
public class OuterService {

    private final Customers customers;
    private final PointsService points;
    private final JdbcClient jdbc;

    public OuterService(Customers customers, PointsService points, JdbcClient jdbc) {
        this.customers = customers;
        this.points = points;
        this.jdbc = jdbc;
    }

    /** Has read the customer before. */
    @Transactional
    public void addAfterReading(long id) {
        points.add(customers.findById(id).orElseThrow().getId());
    }

    /** Has read something before that JPA knows nothing of. */
    @Transactional
    public void addAfterReadingByJdbc(long id) {
        jdbc.sql("select count(*) from customer").query(Long.class).single();
        points.add(id);
    }

    /** Locks the row instead. */
    @Transactional
    public void addUnderRowLock(long id) {
        customers.findLockedById(id).addPoint();
    }

    /** Has read nothing. */
    @Transactional
    public void addAtFirst(long id) {
        points.add(id);
    }
}
