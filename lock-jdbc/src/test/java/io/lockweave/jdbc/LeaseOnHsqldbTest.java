package io.lockweave.jdbc;

class LeaseOnHsqldbTest extends LeaseBackendContract {

    @Override
    TestDatabase database() {
        return TestDatabase.HSQLDB;
    }
}
