<?php

return [
    'path' => 'horizon',
    'use' => 'default',
    'prefix' => env('HORIZON_PREFIX', 'courses_horizon:'),
    'waits' => ['redis:default' => 60, 'redis:videos' => 600],
    'defaults' => [
        'supervisor-1' => [
            'connection' => 'redis',
            'queue' => ['default', 'videos'],
            'balance' => 'auto',
            'maxProcesses' => 8,
        ],
    ],
];
