package io.lockweave.examples.springboot;

import io.lockweave.Locked;
import java.time.Duration;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Adds points by JPA under a lock: to an entity that its caller has read, or by reading under the lock. */
@Service
class EntityPoints {

    private final AccountEntities accounts;

    EntityPoints(AccountEntities accounts) {
        this.accounts = accounts;
    }

    /** What the caller has read is read again under the lock if JPA manages it; else it is as old as it was. */
    @Locked(name = "user", key = "#account.id")
    @Transactional
    public int add(Account account, Duration work) {
        return add(accounts.save(account), work, account.getPoints());
    }

    /** The form that is always right. */
    @Locked(name = "user", key = "#user")
    @Transactional
    public int add(String user, Duration work) {
        Account account = accounts.findById(user).orElseGet(() -> accounts.save(new Account(user)));
        return add(account, work, account.getPoints());
    }

    private static int add(Account account, Duration work, int points) {
        Work.take(work);
        account.addPoint();
        return points;
    }
}
