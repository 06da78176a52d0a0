package io.lockweave.examples.springboot;

import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;

/** Nothing keeps two callers from reading the same points. */
@Service
@Order(1)
class Unguarded implements Strategy {

    private final Accounts accounts;

    Unguarded(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public String id() {
        return "none";
    }

    @Override
    public String title() {
        return "no lock";
    }

    @Override
    public int add(String user, Duration work) {
        int points = accounts.points(user);
        Work.take(work);
        accounts.save(user, points + 1);
        return points;
    }
}
