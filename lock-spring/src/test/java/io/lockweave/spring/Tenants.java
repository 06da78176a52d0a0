package io.lockweave.spring;

/** A bean that expressions ask. */
public class Tenants {

    public String current() {
        return "acme/";
    }
}
