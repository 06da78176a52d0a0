package io.lockweave.examples.springboot;

import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** An entity is read, changed and saved in a transaction, which keeps nobody from reading the same points. */
@Service
@Order(5)
class EntityUnguarded implements EntityStrategy {

    private final AccountEntities accounts;

    EntityUnguarded(AccountEntities accounts) {
        this.accounts = accounts;
    }

    @Override
    public String id() {
        return "jpa";
    }

    @Override
    public String title() {
        return "JPA: no lock";
    }

    @Override
    @Transactional
    public int add(String user, Duration work) {
        Account account = accounts.findById(user).orElseGet(() -> new Account(user));
        int points = account.getPoints();
        Work.take(work);
        account.addPoint();
        accounts.save(account);
        return points;
    }
}
