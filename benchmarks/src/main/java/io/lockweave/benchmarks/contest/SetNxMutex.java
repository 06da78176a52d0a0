package io.lockweave.benchmarks.contest;

import java.util.List;
import java.util.UUID;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/** The floor of T3: SET NX PX and compare-and-delete by hand. For keys that are free; it does not wait. */
final class SetNxMutex implements Mutex {

    static final String DELETE_MINE =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    private final RedisClient jedis;
    private final String delete;

    SetNxMutex(String uri) {
        jedis = RedisClient.create(uri);
        delete = jedis.scriptLoad(DELETE_MINE);
    }

    @Override
    public void run(String key, Runnable body) {
        String token = UUID.randomUUID().toString();
        if (jedis.set("floor:" + key, token, new SetParams().nx().px(30_000)) == null) {
            throw new IllegalStateException("the key is not free");
        }
        try {
            body.run();
        } finally {
            jedis.evalsha(delete, List.of("floor:" + key), List.of(token));
        }
    }

    @Override
    public void close() {
        jedis.close();
    }
}
