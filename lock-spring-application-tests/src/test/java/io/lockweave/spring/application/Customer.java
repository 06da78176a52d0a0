package io.lockweave.spring.application;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

/** Somebody with points, and without a version that would tell the database of a lost update. */
@Entity
public class Customer {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    private int points;

    public Long getId() {
        return id;
    }

    public int getPoints() {
        return points;
    }

    public void addPoint() {
        points++;
    }
}
