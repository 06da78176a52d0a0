package io.lockweave.examples.springboot;

/** A value of a request that cannot be used: which one, what is allowed, and what to do. */
final class WrongValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 60;

    private final String name;
    private final String value;
    private final String allowed;

    /**
     * What is wrong.
     *
     * @param name the value's name
     * @param value what was sent; empty if nothing was
     * @param allowed what may be sent
     */
    WrongValueException(String name, String value, String allowed) {
        super(name + " is " + shown(value) + ". " + remedy(allowed));
        this.name = name;
        this.value = value;
        this.allowed = allowed;
    }

    private static String shown(String value) {
        if (value.isEmpty()) {
            return "missing";
        }
        return '"' + (value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "...") + '"';
    }

    private static String remedy(String allowed) {
        return "To fix it: choose " + allowed + ".";
    }

    String name() {
        return name;
    }

    String value() {
        return value;
    }

    String allowed() {
        return allowed;
    }

    String remedy() {
        return remedy(allowed);
    }
}
