package io.lockweave.spring.aop;

import io.lockweave.Locked;
import java.util.List;
import java.util.concurrent.Callable;

/** Calls its own locked method in every way there is. */
class SelfInvoking {

    private SelfInvoking self = this;
    private long total;

    @Locked(name = "user", key = "#id")
    public long add(long id, String text, double weight) {
        return id;
    }

    @Locked
    public void all() {}

    public void directly() {
        add(1, "one", 1.5);
    }

    public void withConditions(boolean yes, int[] ids) {
        total += this.add(yes ? ids[0] : 2L, yes ? "one" : String.valueOf(ids.length + 1L), ids.length > 1 ? 2 : 3.5);
    }

    public void inLambda(List<Long> ids) {
        ids.forEach(id -> add(id, "x", 0));
    }

    public Runnable asReference() {
        return this::all;
    }

    public Callable<Long> inside() {
        return new Callable<>() {
            @Override
            public Long call() {
                return add(1, "x", 0);
            }
        };
    }

    public void inSwitch(String text) {
        try {
            switch (text) {
                case "a" -> all();
                default -> throw new IllegalStateException(text);
            }
        } catch (IllegalStateException e) {
            total++;
        }
    }

    /** None of these is the bean itself. */
    public void others(SelfInvoking other) {
        self.all();
        other.add(total, "x", this.total);
        new SelfInvoking().all();
        List.of(other, this).get(0).all();
        Runnable later = other::all;
        later.run();
        Runnable own = () -> other.all();
        own.run();
    }

    /** Inherits what calls it. */
    static class Below extends SelfInvoking {}
}
