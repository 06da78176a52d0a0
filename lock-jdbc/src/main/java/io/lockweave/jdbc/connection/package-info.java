/** Connections lent for one short call, with their time-outs and failures. Internal: no promise of compatibility. */
@NullMarked
package io.lockweave.jdbc.connection;

import org.jspecify.annotations.NullMarked;
