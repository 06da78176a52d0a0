package io.lockweave.redis;

class JedisContractTest extends RedisContract {

    JedisContractTest() {
        super(RedisClients.JEDIS);
    }
}
