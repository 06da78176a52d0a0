package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What row locks do on every database that has them. */
abstract class RowLocksContract extends RowLocksFixture {

    @BeforeEach
    void tables() {
        database()
                .execute(
                        "drop table if exists article",
                        "create table article (id bigint primary key, category varchar(20), points integer not null)",
                        "drop table if exists line",
                        "create table line (order_id bigint, pos varchar(10), primary key (order_id, pos))",
                        "drop table if exists thing",
                        "create table thing (id " + uuidType() + " primary key)",
                        "insert into article values (1, 'news', 0), (2, 'news', 0), (3, 'old', 0), (4, 'old', 0)",
                        "insert into line values (1, 'a'), (1, 'b'), (2, 'a')");
    }

    @Test
    void aLockedRowIsBusyUntilTheTransactionEnds() throws Exception {
        Connection holder = lockedElsewhere(RowLock.of("article", 1));
        Connection other = begin();

        assertThatThrownBy(() -> rowLocks.lock(other, RowLock.of("article", 1).noWait()))
                .isInstanceOf(LockUnavailableException.class)
                .hasMessageContaining("article")
                .hasMessageContaining("1");
        assertThat(rowLocks.lock(other, RowLock.of("article", 2).noWait())).containsExactly(2);

        holder.commit();
        assertThat(rowLocks.lock(other, RowLock.of("article", 1).noWait())).containsExactly(1);
    }

    @Test
    void aWaiterEntersWhenTheHolderCommits() throws Exception {
        Connection holder = lockedElsewhere(RowLock.of("article", 1));
        Future<List<Object>> waiter =
                elsewhere(() -> rowLocks.lock(begin(), RowLock.of("article", 1).waitTime(Duration.ofSeconds(30))));
        assertThatThrownBy(() -> waiter.get(200, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        holder.commit();
        assertThat(result(waiter)).containsExactly(1);
    }

    @Test
    void aWaitEndsAfterItsTimeAndTheTransactionStaysUsable() throws Exception {
        lockedElsewhere(RowLock.of("article", 1));
        Connection other = begin();
        execute(other, "update article set points = 7 where id = 3");

        long start = System.nanoTime();
        assertThatThrownBy(() -> rowLocks.lock(
                        other, RowLock.ofAll("article", List.of(1, 2)).waitTime(SHORT)))
                .isInstanceOf(LockUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, shortAtMost());

        assertThat(rowLocks.lock(other, RowLock.of("article", 4))).containsExactly(4);
        other.commit();
        assertThat(number("select points from article where id = 3")).isEqualTo(7);
    }

    @Test
    void theLeastBitOfAWaitEndsAndTheLongestIsTaken() throws Exception {
        lockedElsewhere(RowLock.of("article", 1));
        Connection other = begin();
        for (Duration least : List.of(Duration.ofNanos(1), Duration.ofNanos(400_000))) {
            assertThatThrownBy(
                            () -> rowLocks.lock(other, RowLock.of("article", 1).waitTime(least)))
                    .isInstanceOf(LockUnavailableException.class);
        }
        assertThat(rowLocks.lock(other, RowLock.of("article", 2).waitTime(Duration.ofDays(36_500))))
                .containsExactly(2);
    }

    @Test
    void skipLockedLeavesOutWhatOthersHold() throws Exception {
        lockedElsewhere(RowLock.ofAll("article", List.of(1, 3)));
        Connection other = begin();

        assertThat(rowLocks.lock(
                        other, RowLock.ofAll("article", List.of(4, 3, 2, 1)).skipLocked()))
                .containsExactly(2, 4);
        assertThatThrownBy(() -> rowLocks.lock(
                        other, RowLock.ofAll("article", List.of(3, 99)).skipLocked()))
                .isInstanceOf(MissingRowException.class)
                .hasMessageContaining("99");
    }

    @Test
    void withoutATransactionNothingIsLocked() throws Exception {
        try (Connection connection = database().pool().getConnection()) {
            assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of("no such table", 1)))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("auto-commit")
                    .hasMessageContaining("transaction");
        }
    }

    @Test
    void aMissingRowIsAnErrorUnlessIgnored() throws Exception {
        Connection connection = begin();
        assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.ofAll("article", List.of(1, 99))))
                .isInstanceOf(MissingRowException.class)
                .hasMessageContaining("99")
                .hasMessageContaining("article");
        assertThat(rowLocks.lock(
                        connection, RowLock.ofAll("article", List.of(99, 1)).onMissing(OnMissingRow.IGNORE)))
                .containsExactly(1);
    }

    @Test
    void keysMayBeOfAnyTypeAndOfSeveralColumns() throws Exception {
        UUID id = UUID.randomUUID();
        database().execute("insert into thing values ('" + id + "')");
        Connection connection = begin();
        assertThat(rowLocks.lock(connection, RowLock.of("thing", id))).containsExactly(id);
        assertThat(rowLocks.lock(connection, RowLock.ofAll("line", List.of(List.of(2L, "a"), List.of(1L, "b")))))
                .containsExactly(List.of(1L, "b"), List.of(2L, "a"));
        assertThat(rowLocks.lock(connection, RowLock.of("line", new Object[] {1L, "a"})))
                .hasSize(1);
        assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of("line", 1L)))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("2 columns");

        Connection other = result(elsewhere(this::begin));
        assertThat(result(elsewhere(() -> rowLocks.lock(
                        other,
                        RowLock.ofAll("line", List.of(List.of(1L, "a"), List.of(1L, "b")))
                                .skipLocked()))))
                .isEmpty();
    }

    @Test
    void aColumnLocksAllRowsWithTheValue() throws Exception {
        Connection connection = begin();
        assertThat(rowLocks.lock(connection, RowLock.of("article", "news").column("category")))
                .containsExactly("news");
        assertThat(result(elsewhere(() -> rowLocks.lock(
                        begin(), RowLock.ofAll("article", List.of(1, 2)).skipLocked()))))
                .isEmpty();
    }

    @Test
    void rowsInAnyOrderNeverDeadlock() throws Exception {
        List<Future<Integer>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(elsewhere(() -> {
                try (Connection connection = begin()) {
                    for (int round = 0; round < 100; round++) {
                        List<Integer> ids = new ArrayList<>(List.of(1, 2, 3, 4));
                        Collections.shuffle(ids, ThreadLocalRandom.current());
                        rowLocks.lock(connection, RowLock.ofAll("article", ids.subList(0, 3)));
                        for (int id : ids.subList(0, 3)) {
                            execute(connection, "update article set points = points + 1 where id = " + id);
                        }
                        connection.commit();
                    }
                }
                return 100;
            }));
        }
        for (Future<Integer> worker : workers) {
            assertThat(result(worker)).isEqualTo(100);
        }
        assertThat(number("select sum(points) from article")).isEqualTo(4 * 100 * 3);
    }

    @Test
    void aReadAndWriteUnderTheLockLosesNothing() throws Exception {
        List<Future<Integer>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(elsewhere(() -> {
                try (Connection connection = begin()) {
                    for (int round = 0; round < 50; round++) {
                        rowLocks.lock(connection, RowLock.of("article", 1));
                        long points = number(connection, "select points from article where id = 1");
                        execute(connection, "update article set points = " + (points + 1) + " where id = 1");
                        connection.commit();
                    }
                }
                return 50;
            }));
        }
        for (Future<Integer> worker : workers) {
            result(worker);
        }
        assertThat(number("select points from article where id = 1")).isEqualTo(200);
    }

    @Test
    void aDeadlockOfTheUsersOwnMakingIsTranslated() throws Exception {
        Connection one = begin();
        rowLocks.lock(one, RowLock.of("article", 1));
        Connection two = lockedElsewhere(RowLock.of("article", 2));
        Future<List<Object>> crossing = elsewhere(() -> {
            try {
                return rowLocks.lock(two, RowLock.of("article", 1).waitTime(Duration.ofSeconds(20)));
            } finally {
                two.rollback();
            }
        });
        Throwable here = null;
        try {
            rowLocks.lock(one, RowLock.of("article", 2).waitTime(Duration.ofSeconds(20)));
        } catch (LockDeadlockException e) {
            here = e;
        }
        one.rollback();
        if (here == null) {
            assertThatThrownBy(() -> result(crossing)).hasCauseInstanceOf(LockDeadlockException.class);
        } else {
            assertThat(here).hasMessageContaining("article");
            assertThat(result(crossing)).containsExactly(1);
        }
    }

    @Test
    void aTransactionInATransactionThatWouldWaitForTheOuterOneIsFoundOut() throws Exception {
        Connection outer = begin();
        rowLocks.lock(outer, RowLock.of("article", 1));
        Connection inner = begin();

        assertThatThrownBy(() -> rowLocks.lock(inner, RowLock.of("article", 1)))
                .isInstanceOf(LockDeadlockException.class)
                .hasMessageContaining("outer")
                .hasMessageContaining("inner")
                .hasMessageContaining("article");
        assertThat(rowLocks.lock(inner, RowLock.of("article", 2))).containsExactly(2);
        inner.rollback();

        outer.commit();
        rowLocks.transactionEnded(outer);
        assertThat(rowLocks.lock(inner, RowLock.of("article", 1))).containsExactly(1);
    }

    /** Whichever of the two looks in a column: what counts is the row. */
    @Test
    void aRowTheOuterTransactionFoundInAnotherWayIsFoundOutToo() throws Exception {
        Connection outer = begin();
        rowLocks.lock(outer, RowLock.of("article", "news").column("category"));
        Connection inner = begin();
        assertThatThrownBy(() -> rowLocks.lock(inner, RowLock.of("article", 2L).waitTime(Duration.ofSeconds(30))))
                .isInstanceOf(LockDeadlockException.class)
                .hasMessageContaining("article");
        inner.rollback();
        outer.rollback();

        rowLocks.lock(outer, RowLock.of("article", 1));
        assertThatThrownBy(() -> rowLocks.lock(
                        inner, RowLock.of("article", "news").column("category").waitTime(Duration.ofSeconds(30))))
                .isInstanceOf(LockDeadlockException.class);
    }

    @Test
    void rowsWithoutAPrimaryKeyAreToldFromEachOther() throws Exception {
        database()
                .execute(
                        "drop table if exists bag",
                        "create table bag (id bigint)",
                        "create index bag_id on bag (id)",
                        "insert into bag values (1), (2)");
        Connection outer = begin();
        rowLocks.lock(outer, RowLock.of("bag", 1).column("id"));
        lockedElsewhere(RowLock.of("bag", 2).column("id"));
        Connection inner = begin();
        assertThatThrownBy(() ->
                        rowLocks.lock(inner, RowLock.of("bag", 2).column("id").waitTime(SHORT)))
                .as("held by somebody else")
                .isInstanceOf(LockUnavailableException.class);
        assertThatThrownBy(() -> rowLocks.lock(inner, RowLock.of("bag", 1).column("id")))
                .isInstanceOf(LockDeadlockException.class);
    }

    @Test
    void aTransactionInATransactionThatDoesNotWaitIsToldThatTheRowIsBusy() throws Exception {
        Connection outer = begin();
        rowLocks.lock(outer, RowLock.of("article", 1));
        Connection inner = begin();
        assertThat(rowLocks.lock(inner, RowLock.ofAll("article", List.of(1, 2)).skipLocked()))
                .containsExactly(2);
        assertThatThrownBy(() -> rowLocks.lock(inner, RowLock.of("article", 1).noWait()))
                .isInstanceOf(LockUnavailableException.class);
    }

    @Test
    void aTableThatIsMadeLaterIsFound() throws Exception {
        database().execute("drop table if exists later");
        Connection connection = begin();
        assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of("later", 1)))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("does not exist");
        connection.rollback();
        database().execute("create table later (id bigint primary key)", "insert into later values (1)");
        assertThat(rowLocks.lock(connection, RowLock.of("later", 1))).containsExactly(1);
    }

    @Test
    void anOuterTransactionThatIsOverIsNotMistakenForAnOpenOne() throws Exception {
        Connection outer = begin();
        rowLocks.lock(outer, RowLock.of("article", 1));
        outer.commit();
        Connection inner = begin();
        assertThat(rowLocks.lock(inner, RowLock.of("article", 1))).containsExactly(1);
    }

    @Test
    void namesFromOutsideAreRefusedAndKeysAreOnlyValues() throws Exception {
        Connection connection = begin();
        for (String hostile : List.of("article; drop table article", "article where 1=1 --", "article\"", "a`b", "")) {
            assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of(hostile, 1)))
                    .as("table %s", hostile)
                    .isInstanceOf(LockUsageException.class);
            assertThatThrownBy(() ->
                            rowLocks.lock(connection, RowLock.of("article", 1).column(hostile + " ")))
                    .as("column %s", hostile)
                    .isInstanceOf(LockUsageException.class);
        }
        assertThatThrownBy(() -> rowLocks.lock(
                        connection, RowLock.of("article", "x' or '1'='1").column("category")))
                .isInstanceOf(MissingRowException.class);
        assertThat(number("select count(*) from article")).isEqualTo(4);
    }

    @Test
    void aNullKeyIsAUsageError() {
        assertThatThrownBy(() -> RowLock.of("article", null)).isInstanceOf(LockUsageException.class);
        assertThatThrownBy(() -> RowLock.ofAll("article", List.of())).isInstanceOf(LockUsageException.class);
    }

    @Test
    void aStaleWriterIsRefusedInTheSameTransaction() throws Exception {
        database()
                .execute(
                        "drop table if exists guarded",
                        "create table guarded (id varchar(20) primary key, text_ varchar(20), fence bigint not null)",
                        "insert into guarded values ('a', 'old', 0)");
        FencedRows guarded = FencedRows.of("guarded", "id", "fence");
        Connection zombie = begin();
        try (Connection current = begin()) {
            guarded.admit(current, "a", 200);
            execute(current, "update guarded set text_ = 'new' where id = 'a'");
            current.commit();
            guarded.admit(current, "a", 200); // a second write of the same holder
            current.commit();
        }

        assertThatThrownBy(() -> guarded.admit(zombie, "a", 100))
                .isInstanceOfSatisfying(StaleFenceException.class, e -> {
                    assertThat(e.fence()).isEqualTo(100);
                    assertThat(e.newest()).isEqualTo(200);
                });
        zombie.rollback();
        assertThatThrownBy(() -> guarded.admit(zombie, "b", 300)).isInstanceOf(MissingRowException.class);
        zombie.rollback();
        assertThat(text("select text_ from guarded where id = 'a'")).isEqualTo("new");
        try (Connection none = database().pool().getConnection()) {
            assertThatThrownBy(() -> guarded.admit(none, "a", 300))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("auto-commit");
        }
    }

    /** A column that was added without a default has no fence yet; so has a row that was there before. */
    @Test
    void aRowWithoutAFenceIsGuardedFromTheFirstWriteOn() throws Exception {
        database()
                .execute(
                        "drop table if exists unfenced",
                        "create table unfenced (id bigint primary key, fence bigint)",
                        "insert into unfenced values (1, null)");
        FencedRows rows = FencedRows.of("unfenced", "id", "fence");
        Connection connection = begin();
        rows.admit(connection, 1, 200);
        connection.commit();
        assertThatThrownBy(() -> rows.admit(connection, 1, 100)).isInstanceOf(StaleFenceException.class);
    }
}
