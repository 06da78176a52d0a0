package io.lockweave.spring.test.boot35;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** An application with a database, and with locks in that database unless it is under test. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(PointsService.class)
class PointsApplication {}
