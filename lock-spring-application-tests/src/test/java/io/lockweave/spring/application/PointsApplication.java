package io.lockweave.spring.application;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A web application with JPA, with all defaults of Spring Boot. */
@SpringBootApplication
public class PointsApplication {}
