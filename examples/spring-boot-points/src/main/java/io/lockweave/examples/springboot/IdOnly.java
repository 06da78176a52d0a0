package io.lockweave.examples.springboot;

import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Service;

/** Passes the id and reads under the lock: right everywhere. */
@Service
@Order(6)
class IdOnly implements EntityStrategy {

    private final EntityPoints points;

    IdOnly(EntityPoints points) {
        this.points = points;
    }

    @Override
    public String id() {
        return "id";
    }

    @Override
    public String title() {
        return "JPA: @Locked, id passed";
    }

    @Override
    public int add(String user, Duration work) {
        return points.add(user, work);
    }
}
