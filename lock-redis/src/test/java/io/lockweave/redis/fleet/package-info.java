/**
 * A fleet of programs in simulated time: real engines, the real client side of the protocol and its real scripts, over
 * a model of the server and the network.
 */
@NullMarked
package io.lockweave.redis.fleet;

import org.jspecify.annotations.NullMarked;
