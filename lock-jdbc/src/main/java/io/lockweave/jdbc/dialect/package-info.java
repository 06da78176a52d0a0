/**
 * What each database says in its own way: clock, statements, failure codes. A further database is one class here.
 * Internal: no promise of compatibility.
 */
@NullMarked
package io.lockweave.jdbc.dialect;

import org.jspecify.annotations.NullMarked;
