package io.lockweave.spring.row;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A row as an entity, without a version: only a lock keeps its updates. */
@Entity
public class Article {

    @Id
    private int id;

    private int stock;

    /** For JPA. */
    protected Article() {}

    Article(int id, int stock) {
        this.id = id;
        this.stock = stock;
    }

    int stock() {
        return stock;
    }

    void add(int pieces) {
        stock += pieces;
    }
}
