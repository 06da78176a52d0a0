/** Real databases for tests: started, stopped, killed, frozen and started again from Maven artifacts. */
@NullMarked
package io.lockweave.testservers.database;

import org.jspecify.annotations.NullMarked;
