package io.lockweave;

/** A programmer's or configuration error. The message names the place and the value, and how to fix it. */
public final class LockUsageException extends LockException {

    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;

    /** A problem ("what is wrong, where") and its remedy ("do this instead"). */
    public LockUsageException(String problem, String remedy) {
        super(problem + ". To fix it: " + remedy + ".", null);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** As {@link #LockUsageException(String, String)}, with the failure that showed the problem. */
    public LockUsageException(String problem, String remedy, Throwable cause) {
        super(problem + ". To fix it: " + remedy + ".", cause);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** What is wrong, and where. */
    public String problem() {
        return problem;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
