package io.lockweave.spring.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

/** Belongs to a member, and is read again with it. */
@Entity
public class Booking {

    @Id
    @GeneratedValue
    private Long id;

    private int amount;

    public Long getId() {
        return id;
    }

    public int getAmount() {
        return amount;
    }

    public void setAmount(int amount) {
        this.amount = amount;
    }
}
