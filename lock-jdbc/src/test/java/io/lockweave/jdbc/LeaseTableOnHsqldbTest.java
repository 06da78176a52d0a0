package io.lockweave.jdbc;

import java.util.List;

class LeaseTableOnHsqldbTest extends LeaseTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.HSQLDB;
    }

    @Override
    int statementsOfAClaim() {
        return 2;
    }

    @Override
    List<String> timeZones() {
        return List.of("set time zone interval '9:00' hour to minute");
    }
}
