package io.lockweave.spring.web;

import io.lockweave.LockUnavailableException;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers a request whose lock was busy with 423 (Locked, RFC 4918) and when to try again, as a problem detail (RFC
 * 9457), in MVC and WebFlux alike; one whose wait was ended by an interrupt or a shutdown with 503. The key stays out
 * of the answer. An application's own handler of the exception comes first.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class LockUnavailableAdvice {

    private final long retryAfterSeconds;

    LockUnavailableAdvice(Duration retryAfter) {
        this.retryAfterSeconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
    }

    /** Spring comes here for causes as well: what the application made of the failure is left to it. */
    @ExceptionHandler(LockUnavailableException.class)
    ResponseEntity<ProblemDetail> unavailable(Throwable thrown) throws Throwable {
        if (!(thrown instanceof LockUnavailableException failure)) {
            throw thrown;
        }
        ProblemDetail problem = failure.busy()
                ? ProblemDetail.forStatusAndDetail(
                        HttpStatus.LOCKED, "Something else is working on this at the moment. Try again in a moment.")
                : ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE, "This could not be worked on. Try again in a moment.");
        problem.setProperty("lock", failure.key().name());
        problem.setProperty("waitedMillis", failure.waited().toMillis());
        return ResponseEntity.status(problem.getStatus())
                .header(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds))
                .body(problem);
    }
}
