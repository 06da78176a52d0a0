package io.lockweave.spring.application;

import io.lockweave.testservers.database.PostgresServer;

/** On PostgreSQL. */
class StaleEntitiesOnPostgresIT extends StaleEntities {

    StaleEntitiesOnPostgresIT() {
        super(PostgresServer.shared().url(), false);
    }
}
