package io.lockweave.spring.web;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockException;
import io.lockweave.LockLostException;
import io.lockweave.LockUnavailableException;
import org.springframework.http.HttpStatus;

/**
 * What a request hears that failed for its lock.
 *
 * <p>423 (Locked, RFC 4918): somebody else holds it, nothing was done. 409: the work ran, but without its lock for a
 * part of the time, so repeating it blindly may do it twice. 503: the store or this server could not serve the lock,
 * nothing was done.
 *
 * @param status the answer's status
 * @param detail a sentence for the client, without key, holder or address
 * @param retry whether trying again soon may help, without harm
 * @param logged whether an operator should see the failure, which the answer does not name
 */
record LockAnswer(HttpStatus status, String detail, boolean retry, boolean logged) {

    static LockAnswer to(LockException failure) {
        if (failure instanceof LockUnavailableException unavailable) {
            return unavailable.busy() ? busy() : unserved("This could not be worked on. Try again in a moment.", false);
        }
        if (failure instanceof LockDeadlockException) {
            return busy();
        }
        if (failure instanceof LockLostException) {
            return new LockAnswer(
                    HttpStatus.CONFLICT,
                    "Something else may have worked on this at the same time. Look at its state before trying again.",
                    false,
                    true);
        }
        return unserved("Locks are not available at the moment. Try again in a moment.", true);
    }

    private static LockAnswer busy() {
        return new LockAnswer(
                HttpStatus.LOCKED,
                "Something else is working on this at the moment. Try again in a moment.",
                true,
                false);
    }

    private static LockAnswer unserved(String detail, boolean logged) {
        return new LockAnswer(HttpStatus.SERVICE_UNAVAILABLE, detail, true, logged);
    }
}
