package io.lockweave.jdbc;

import java.util.List;

class LeaseTableOnH2Test extends LeaseTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.H2;
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
