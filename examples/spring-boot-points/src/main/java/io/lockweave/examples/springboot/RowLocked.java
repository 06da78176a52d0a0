package io.lockweave.examples.springboot;

import io.lockweave.jdbc.LockedRow;
import io.lockweave.jdbc.OnMissingRow;
import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The database's own way, {@code SELECT ... FOR UPDATE}. Each waiter keeps a connection while it waits. */
@Service
@Order(4)
class RowLocked implements Strategy {

    private final Accounts accounts;

    RowLocked(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public String id() {
        return "row";
    }

    @Override
    public String title() {
        return "@LockedRow";
    }

    @Override
    @Transactional
    @LockedRow(table = "account", key = "#user", onMissing = OnMissingRow.IGNORE)
    public int add(String user, Duration work) {
        int points = accounts.points(user);
        Work.take(work);
        accounts.save(user, points + 1);
        return points;
    }
}
