package io.lockweave.spring.transaction;

import io.lockweave.Locked;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Points in a table, changed by reading and writing. */
public class Accounts {

    private final JdbcTemplate jdbc;

    public Accounts(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    public int points() {
        return jdbc.queryForObject("select points from account where id = 1", Integer.class);
    }

    @Locked(name = "account", key = "1")
    @Transactional
    public int add() {
        return change();
    }

    @Locked(name = "account", key = "1")
    @Transactional
    public <T> T addAnd(Supplier<T> then) {
        change();
        return then.get();
    }

    @Locked(name = "account", key = "1", onLost = Locked.OnLost.WARN)
    @Transactional
    public void addAndOnlyWarn(Runnable then) {
        change();
        then.run();
    }

    @Locked(name = "account", key = "1")
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void addInNew(Runnable then) {
        change();
        then.run();
    }

    @Locked(name = "account", key = "1", until = Locked.Until.RETURN)
    public void lockUntilReturn() {}

    @Locked(name = "account", key = "1", until = Locked.Until.TRANSACTION)
    public void lockUntilTransaction() {}

    @Locked(name = "account", key = "1")
    public void lock() {}

    @Transactional
    public void inTransaction(Runnable work) {
        work.run();
    }

    @Transactional
    public void addUnlocked() {
        change();
    }

    private int change() {
        int points = points();
        jdbc.update("update account set points = ? where id = 1", points + 1);
        return points;
    }
}
