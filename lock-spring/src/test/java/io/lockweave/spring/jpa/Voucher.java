package io.lockweave.spring.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Version;

/** The database refuses to write one that is out of date. */
@Entity
public class Voucher {

    @Id
    @GeneratedValue
    private Long id;

    @Version
    private int version;

    @Column(name = "worth")
    private int value;

    public Long getId() {
        return id;
    }

    public int getValue() {
        return value;
    }

    public void setValue(int value) {
        this.value = value;
    }
}
