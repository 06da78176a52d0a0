package io.lockweave.spring.application;

import io.lockweave.testservers.database.MariaDbServer;

/** On MariaDB, whose transactions are REPEATABLE READ by default. */
class StaleEntitiesOnMariaDbIT extends StaleEntities {

    StaleEntitiesOnMariaDbIT() {
        super(MariaDbServer.shared().url(), true);
    }
}
