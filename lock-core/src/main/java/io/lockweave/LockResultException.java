package io.lockweave;

/**
 * A locked method ran, and returned what no lock can be held for: null where a future was declared, or something that
 * goes on working behind a general type such as {@link Object}. What the method did is done and its lock is released;
 * calling it again does it twice.
 */
public final class LockResultException extends LockException {

    private static final long serialVersionUID = 1L;

    /** What the method returned ("what is wrong, where"), and its remedy ("do this instead"). */
    public LockResultException(String problem, String remedy) {
        super(problem + ". The method did run. To fix it: " + remedy + ".", null);
    }
}
