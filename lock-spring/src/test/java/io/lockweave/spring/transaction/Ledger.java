package io.lockweave.spring.transaction;

import io.lockweave.Locked;
import java.util.concurrent.CompletableFuture;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Entries in a table, written under a lock in transactions of several kinds. */
public class Ledger {

    private final JdbcTemplate jdbc;

    public Ledger(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    public int entries() {
        return jdbc.queryForObject("select count(*) from entry", Integer.class);
    }

    public void write() {
        jdbc.update("insert into entry values (default)");
    }

    @Locked(name = "ledger", key = "1")
    public void locked(Runnable work) {
        work.run();
    }

    @Locked(name = "ledger", key = "1")
    @Transactional
    public void writeAnd(Runnable then) {
        write();
        then.run();
    }

    @Locked(name = "ledger", key = "1")
    @Transactional
    public CompletableFuture<String> writeLater(Runnable then) {
        write();
        then.run();
        return CompletableFuture.completedFuture("written");
    }

    @Locked(name = "ledger", key = "1")
    @Transactional(propagation = Propagation.NESTED)
    public void writeNested(Runnable then) {
        write();
        then.run();
    }

    @Locked(name = "ledger", key = "1")
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void outsideOfTransactions(Runnable work) {
        work.run();
    }

    @Locked(name = "ledger", key = "1")
    @Transactional(timeout = 1)
    public void writeInTime(Runnable then) {
        write();
        then.run();
        write();
    }

    @Locked(name = "ledger", key = "1")
    @Transactional(readOnly = true)
    public int readAnd(Runnable then) {
        int entries = entries();
        then.run();
        return entries;
    }

    @Transactional
    public void inTransaction(Runnable work) {
        work.run();
    }
}
