<?php

return [
    'default' => env('DB_CONNECTION', 'mysql'),
    'connections' => [
        'mysql' => [
            'driver' => 'mysql',
            'host' => env('DB_HOST', '127.0.0.1'),
            'database' => env('DB_DATABASE', 'shop'),
            'password' => env('DB_PASSWORD', ''),
        ],
    ],
    'migrations' => 'migrations',
    'redis' => [
        'client' => env('REDIS_CLIENT', 'predis'),
        'options' => ['cluster' => 'redis', 'prefix' => env('REDIS_PREFIX', 'shop_')],
        'default' => [
            'host' => env('REDIS_HOST', '127.0.0.1'),
            'password' => env('REDIS_PASSWORD'),
            'port' => 6379,
            'database' => 4,
        ],
        'cache' => ['url' => env('REDIS_CACHE_URL', 'redis://redis:6379/5')],
    ],
];
