package com.acme.orders;

import redis.embedded.RedisServer;

class RefreshTokenStoreTest {
    RedisServer server;
}
