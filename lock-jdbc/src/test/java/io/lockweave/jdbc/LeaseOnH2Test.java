package io.lockweave.jdbc;

class LeaseOnH2Test extends LeaseBackendContract {

    @Override
    TestDatabase database() {
        return TestDatabase.H2;
    }
}
