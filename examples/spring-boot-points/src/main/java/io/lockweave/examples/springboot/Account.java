package io.lockweave.examples.springboot;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** An account as an entity, without a version that would tell the database of a lost update. */
@Entity
class Account {

    @Id
    private @Nullable String id;

    private int points;

    /** For JPA. */
    protected Account() {}

    Account(String id) {
        this.id = id;
    }

    /** Public, so that keys can read it. */
    public @Nullable String getId() {
        return id;
    }

    int getPoints() {
        return points;
    }

    void addPoint() {
        points++;
    }
}
