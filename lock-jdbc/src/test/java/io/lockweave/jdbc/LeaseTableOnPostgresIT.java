package io.lockweave.jdbc;

import java.util.List;

class LeaseTableOnPostgresIT extends LeaseTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }

    @Override
    int statementsOfAClaim() {
        return 1;
    }

    @Override
    List<String> timeZones() {
        return List.of("set time zone 'Asia/Tokyo'", "set time zone 'America/New_York'");
    }
}
