package io.lockweave.spring.application;

/** On H2. */
class StaleEntitiesTest extends StaleEntities {

    StaleEntitiesTest() {
        super("jdbc:h2:mem:stale-entities;DB_CLOSE_DELAY=-1", false);
    }
}
