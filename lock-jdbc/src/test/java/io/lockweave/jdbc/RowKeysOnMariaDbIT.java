package io.lockweave.jdbc;

class RowKeysOnMariaDbIT extends RowKeysContract {

    @Override
    TestDatabase database() {
        return TestDatabase.MARIADB;
    }

    @Override
    String quoted(String name) {
        return '`' + name + '`';
    }
}
