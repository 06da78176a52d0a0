package io.lockweave.redis;

class LettuceContractTest extends RedisContract {

    LettuceContractTest() {
        super(RedisClients.LETTUCE);
    }
}
