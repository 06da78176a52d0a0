package io.lockweave.examples.springboot;

import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;

/** Reads the entity first, passes its id, and reads it again under the lock. */
@Service
@Order(8)
class ReadAgain implements EntityStrategy {

    private final AccountEntities accounts;
    private final EntityPoints points;

    ReadAgain(AccountEntities accounts, EntityPoints points) {
        this.accounts = accounts;
        this.points = points;
    }

    @Override
    public String id() {
        return "again";
    }

    @Override
    public String title() {
        return "JPA: @Locked, read twice";
    }

    @Override
    public int add(String user, Duration work) {
        String id = accounts.findById(user).map(Account::getId).orElse(user); // as a request does that checks first
        return points.add(id, work);
    }
}
