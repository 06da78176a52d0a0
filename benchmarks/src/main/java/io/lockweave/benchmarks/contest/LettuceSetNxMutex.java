package io.lockweave.benchmarks.contest;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.UUID;

/** As {@link SetNxMutex}, over Lettuce. */
final class LettuceSetNxMutex implements Mutex {

    private final RedisClient client;
    private final RedisCommands<String, String> redis;
    private final String delete;

    LettuceSetNxMutex(String uri) {
        client = RedisClient.create(uri);
        redis = client.connect().sync();
        delete = redis.scriptLoad(SetNxMutex.DELETE_MINE);
    }

    @Override
    public void run(String key, Runnable body) {
        String token = UUID.randomUUID().toString();
        String name = "floor:" + key;
        if (redis.set(name, token, SetArgs.Builder.nx().px(30_000)) == null) {
            throw new IllegalStateException("the key is not free");
        }
        try {
            body.run();
        } finally {
            redis.evalsha(delete, ScriptOutputType.INTEGER, new String[] {name}, token);
        }
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
