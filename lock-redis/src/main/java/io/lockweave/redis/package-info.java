/** Locks in Redis or Valkey: one protocol in Lua, carried by Jedis, Redisson or Lettuce. */
@NullMarked
package io.lockweave.redis;

import org.jspecify.annotations.NullMarked;
