package io.lockweave.examples.springboot;

import io.lockweave.jdbc.LockedRow;
import io.lockweave.jdbc.OnMissingRow;
import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The entity's row is locked before the entity is read: what was read earlier would stay as it was. */
@Service
@Order(7)
class EntityRowLocked implements EntityStrategy {

    private final AccountEntities accounts;

    EntityRowLocked(AccountEntities accounts) {
        this.accounts = accounts;
    }

    @Override
    public String id() {
        return "jpa-row";
    }

    @Override
    public String title() {
        return "JPA: @LockedRow";
    }

    @Override
    @Transactional
    @LockedRow(table = "account", key = "#user", onMissing = OnMissingRow.IGNORE)
    public int add(String user, Duration work) {
        Account account = accounts.findById(user).orElseGet(() -> new Account(user));
        int points = account.getPoints();
        Work.take(work);
        account.addPoint();
        accounts.save(account);
        return points;
    }
}
