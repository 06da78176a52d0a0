/** Real Redis servers: one alone, with replicas, under Sentinel, or a Cluster; to be killed, frozen and restarted. */
@NullMarked
package io.lockweave.testservers.redis;

import org.jspecify.annotations.NullMarked;
