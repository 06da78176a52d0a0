package io.lockweave.jdbc;

class LeaseTableOnDerbyTest extends LeaseTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.DERBY;
    }

    @Override
    int statementsOfAClaim() {
        return 2;
    }
}
