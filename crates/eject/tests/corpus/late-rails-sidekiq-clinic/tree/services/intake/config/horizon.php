<?php

return [
    'path' => 'horizon',
    'use' => 'default',
    'prefix' => 'horizon:',
    'defaults' => [
        'supervisor-1' => [
            'connection' => 'redis',
            'queue' => ['referrals'],
            'maxProcesses' => 4,
        ],
    ],
];
