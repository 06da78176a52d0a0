/** Real servers for tests, started from Maven artifacts, and what stands before them. */
@NullMarked
package io.lockweave.testservers;

import org.jspecify.annotations.NullMarked;
