/** Tests of the Redis backend, on real servers. */
@org.jspecify.annotations.NullUnmarked
package io.lockweave.redis;
