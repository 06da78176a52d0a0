package io.lockweave.spring.web;

import io.lockweave.LockBackendException;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockException;
import io.lockweave.LockLostException;
import io.lockweave.LockUnavailableException;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers a request that failed for its lock with a problem detail (RFC 9457), in MVC and WebFlux alike:
 * {@link LockAnswer} says which status. The key stays out of the answer. An application's own handler of the exception
 * comes first. A usage error is a programmer's, so it is left to be a 500.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class LockFailureAdvice {

    private static final System.Logger LOG = System.getLogger(LockFailureAdvice.class.getName());

    private final long retryAfterSeconds;

    LockFailureAdvice(Duration retryAfter) {
        this.retryAfterSeconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
    }

    /** Spring comes here for causes as well: what the application made of the failure is left to it. */
    @ExceptionHandler({
        LockUnavailableException.class,
        LockDeadlockException.class,
        LockLostException.class,
        LockBackendException.class
    })
    ResponseEntity<ProblemDetail> failed(Throwable thrown) throws Throwable {
        if (!(thrown instanceof LockException failure)) {
            throw thrown;
        }
        LockAnswer answer = LockAnswer.to(failure);
        if (answer.logged()) {
            LOG.log(System.Logger.Level.WARNING, "A request is answered with {0}: {1}", answer.status(), failure);
        }
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(answer.status(), answer.detail());
        if (failure instanceof LockUnavailableException unavailable) {
            problem.setProperty("lock", unavailable.key().name());
            problem.setProperty("waitedMillis", unavailable.waited().toMillis());
        }
        ResponseEntity.BodyBuilder response = ResponseEntity.status(answer.status());
        if (answer.retry()) {
            response.header(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds));
        }
        return response.body(problem);
    }
}
