package io.lockweave.spring;

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
 * Answers a request whose lock was busy with 423 (Locked, RFC 4918) and when to try again, as a problem detail (RFC 9457), in
 * MVC and WebFlux alike. The key stays out of the answer. An application's own handler of the exception comes first.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class LockUnavailableAdvice {

    private final long retryAfterSeconds;

    LockUnavailableAdvice(Duration retryAfter) {
        this.retryAfterSeconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> busy(LockUnavailableException failure) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.LOCKED, "Something else is working on this at the moment. Try again in a moment.");
        problem.setProperty("lock", failure.key().name());
        problem.setProperty("waitedMillis", failure.waited().toMillis());
        return ResponseEntity.status(HttpStatus.LOCKED)
                .header(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds))
                .body(problem);
    }
}
