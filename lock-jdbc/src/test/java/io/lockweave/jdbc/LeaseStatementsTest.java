package io.lockweave.jdbc;

import java.util.stream.Stream;

class LeaseStatementsTest extends LeaseStatementsContract {

    static Stream<Case> cases() {
        return Stream.of(
                new Case(TestDatabase.H2, 2),
                new Case(TestDatabase.HSQLDB, 2),
                new Case(TestDatabase.DERBY, 2),
                new Case(TestDatabase.SQLITE, 2));
    }
}
