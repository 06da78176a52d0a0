/**
 * Locks and Spring's transactions, blocking and reactive: the order of both, holds until the end, the veto of a
 * commit.
 */
@NullMarked
package io.lockweave.spring.transaction;

import org.jspecify.annotations.NullMarked;
