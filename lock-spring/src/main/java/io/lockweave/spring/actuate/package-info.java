/** The actuator's endpoint {@code locks} and its health indicator, for Spring Boot 4 and 3.5. */
@NullMarked
package io.lockweave.spring.actuate;

import org.jspecify.annotations.NullMarked;
