/** Locks in relational databases: a lease table, session locks, locks on rows of one's own tables, fenced writes. */
@NullMarked
package io.lockweave.jdbc;

import org.jspecify.annotations.NullMarked;
