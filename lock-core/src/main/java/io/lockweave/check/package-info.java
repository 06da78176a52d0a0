/**
 * What can be said of a locked method before it runs. The checks work on a model of methods and types: reflection is
 * one, what a compiler knows is another, so that a mistake has one text wherever it is found. Internal: may change at
 * any time.
 */
@NullMarked
package io.lockweave.check;

import org.jspecify.annotations.NullMarked;
