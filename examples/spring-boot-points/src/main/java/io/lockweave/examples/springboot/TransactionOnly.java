package io.lockweave.examples.springboot;

import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** A transaction alone: at the usual isolation it keeps nobody from reading the same points. */
@Service
@Order(2)
class TransactionOnly implements Strategy {

    private final Accounts accounts;

    TransactionOnly(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public String id() {
        return "transaction";
    }

    @Override
    public String title() {
        return "@Transactional alone";
    }

    @Override
    @Transactional
    public int add(String user, Duration work) {
        int points = accounts.points(user);
        Work.take(work);
        accounts.save(user, points + 1);
        return points;
    }
}
