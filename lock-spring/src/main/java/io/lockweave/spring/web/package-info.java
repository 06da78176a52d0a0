/** Failures of locks as answers to HTTP requests, in MVC and WebFlux. */
@NullMarked
package io.lockweave.spring.web;

import org.jspecify.annotations.NullMarked;
