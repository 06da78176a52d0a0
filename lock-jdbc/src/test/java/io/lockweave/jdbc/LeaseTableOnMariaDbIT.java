package io.lockweave.jdbc;

import java.util.List;

class LeaseTableOnMariaDbIT extends LeaseTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.MARIADB;
    }

    @Override
    int statementsOfAClaim() {
        return 1;
    }

    @Override
    List<String> timeZones() {
        return List.of("set time_zone = '+09:00'", "set time_zone = '-05:00'");
    }
}
