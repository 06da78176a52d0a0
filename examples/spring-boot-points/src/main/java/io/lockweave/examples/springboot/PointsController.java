package io.lockweave.examples.springboot;

import io.lockweave.Locks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Points and races over HTTP. A busy lock becomes status 423 without a line of code here. */
@RestController
@RequestMapping("/api")
class PointsController {

    /** The length of the table's column. */
    private static final int LONGEST_USER = 50;

    private final Races races;
    private final Accounts accounts;
    private final Locks locks;

    PointsController(Races races, Accounts accounts, Locks locks) {
        this.races = races;
        this.accounts = accounts;
        this.locks = locks;
    }

    @GetMapping("/strategies")
    List<Map<String, String>> strategies() {
        return races.strategies().stream()
                .map(strategy -> Map.of("id", strategy.id(), "title", strategy.title(), "kind", strategy.kind()))
                .toList();
    }

    @PostMapping("/races")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Map<String, Long> start(@RequestBody Map<String, @Nullable Object> order) throws Exception {
        return Map.of("id", races.start(RaceOrder.of(order)));
    }

    @GetMapping("/races")
    List<RaceReport> ended() {
        return races.ended();
    }

    @GetMapping("/live")
    Live live() {
        return new Live(
                locks.backend(),
                races.report().orElse(null),
                locks.inspect().stream().map(Live.Lock::of).toList());
    }

    @GetMapping("/users/{user}/points")
    int points(@PathVariable String user) {
        return accounts.points(user);
    }

    /** Adds one point; the strategy is {@code locked} unless another one is asked for. */
    @PostMapping("/users/{user}/points")
    int add(@PathVariable String user, @RequestParam(defaultValue = "locked") String strategy) {
        if (user.isBlank() || user.length() > LONGEST_USER) {
            throw new WrongValueException("user", user, "1 to " + LONGEST_USER + " characters");
        }
        return races.strategy(strategy).add(user, Duration.ofMillis(1)) + 1;
    }

    /** In words for people, and in fields for programs. */
    @ExceptionHandler
    ProblemDetail wrong(WrongValueException wrong) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(wrong.getMessage()));
        problem.setProperty("name", wrong.name());
        problem.setProperty("value", wrong.value());
        problem.setProperty("allowed", wrong.allowed());
        problem.setProperty("remedy", wrong.remedy());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail unreadable(HttpMessageNotReadableException unreadable) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, "The body is no JSON object. To fix it: send one such as " + RaceOrder.EXAMPLE);
    }
}
