/** Locks of a database session, all on one connection. Internal: no promise of compatibility. */
@NullMarked
package io.lockweave.jdbc.session;

import org.jspecify.annotations.NullMarked;
