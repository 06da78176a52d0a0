/** Spring Integration: its lock registries as a backend, and our locks as a registry. */
@NullMarked
package io.lockweave.spring.integration;

import org.jspecify.annotations.NullMarked;
