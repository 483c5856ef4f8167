<?php

return [
    'path' => 'horizon',
    'use' => 'default',
    'prefix' => 'shop_horizon:',
    'waits' => ['redis:default' => 60],
    'environments' => [
        'production' => [
            'supervisor-1' => [
                'connection' => 'redis',
                'queue' => ['default', 'stock'],
                'balance' => 'auto',
                'maxProcesses' => 8,
            ],
        ],
    ],
];
