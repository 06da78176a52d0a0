package io.lockweave.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the web application; its page is at {@code http://localhost:8080/}. */
@SpringBootApplication
public class PointsApplication {

    /** The program. */
    public static void main(String[] args) {
        SpringApplication.run(PointsApplication.class, args);
    }
}
