package io.lockweave.examples.springboot;

import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;

/**
 * Reads the entity first and passes it: right in a request with open-in-view, where the lock reads it again. A race has
 * no request, and loses updates.
 */
@Service
@Order(9)
class EntityArgument implements EntityStrategy {

    private final AccountEntities accounts;
    private final EntityPoints points;

    EntityArgument(AccountEntities accounts, EntityPoints points) {
        this.accounts = accounts;
        this.points = points;
    }

    @Override
    public String id() {
        return "entity";
    }

    @Override
    public String title() {
        return "JPA: @Locked, entity passed";
    }

    @Override
    public int add(String user, Duration work) {
        return points.add(accounts.findById(user).orElseGet(() -> new Account(user)), work);
    }
}
