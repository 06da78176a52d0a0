package io.lockweave.examples.springboot;

import io.lockweave.Locked;
import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** One annotation: one caller per user at a time, in all processes that share the backend. */
@Service
@Order(3)
class LockedByKey implements Strategy {

    private final Accounts accounts;

    LockedByKey(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public String id() {
        return "locked";
    }

    @Override
    public String title() {
        return "@Locked";
    }

    @Override
    @Locked(name = "user", key = "#user")
    @Transactional
    public int add(String user, Duration work) {
        int points = accounts.points(user);
        Work.take(work);
        accounts.save(user, points + 1);
        return points;
    }
}
