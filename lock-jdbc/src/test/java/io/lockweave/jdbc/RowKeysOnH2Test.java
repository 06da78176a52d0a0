package io.lockweave.jdbc;

class RowKeysOnH2Test extends RowKeysContract {

    @Override
    TestDatabase database() {
        return TestDatabase.H2;
    }
}
