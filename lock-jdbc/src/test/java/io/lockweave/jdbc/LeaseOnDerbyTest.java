package io.lockweave.jdbc;

class LeaseOnDerbyTest extends LeaseBackendContract {

    @Override
    TestDatabase database() {
        return TestDatabase.DERBY;
    }
}
