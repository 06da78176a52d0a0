package io.lockweave.jdbc;

class LeaseTableOnSqliteTest extends LeaseTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }

    @Override
    int statementsOfAClaim() {
        return 2;
    }
}
