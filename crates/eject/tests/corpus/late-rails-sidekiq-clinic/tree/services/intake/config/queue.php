<?php

return [
    'default' => env('QUEUE_CONNECTION', 'database'),

    'connections' => [
        'database' => ['driver' => 'database', 'table' => 'jobs', 'queue' => 'default'],
        'redis' => [
            'driver' => 'redis',
            'connection' => 'default',
            'queue' => env('REDIS_QUEUE', 'referrals'),
            'retry_after' => 120,
        ],
    ],
];
