<?php

// Asked by the load balancer; does not boot the framework.
$redis = new Redis();
$redis->connect(getenv('REDIS_HOST') ?: '127.0.0.1', 6379, 0.5);
$redis->auth(getenv('REDIS_PASSWORD'));

http_response_code($redis->ping() ? 200 : 503);
