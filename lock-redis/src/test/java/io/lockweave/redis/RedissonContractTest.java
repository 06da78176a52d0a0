package io.lockweave.redis;

class RedissonContractTest extends RedisContract {

    RedissonContractTest() {
        super(RedisClients.REDISSON);
    }
}
