<?php

use Illuminate\Support\Str;

return [

    'path' => 'admin/horizon',

    'use' => 'default',

    'prefix' => env('HORIZON_PREFIX', Str::slug(env('APP_NAME', 'laravel'), '_').'_horizon:'),

    'middleware' => ['web'],

    'waits' => [
        'redis:default' => 60,
    ],

    'trim' => [
        'recent' => 60,
        'failed' => 10080,
    ],

    'defaults' => [
        'supervisor-1' => [
            'connection' => 'redis',
            'queue' => ['default', 'pdf', 'broadcasts'],
            'balance' => 'auto',
            'maxProcesses' => 1,
            'tries' => 3,
        ],
    ],

    'environments' => [
        'production' => [
            'supervisor-1' => ['maxProcesses' => 20, 'balanceMaxShift' => 2],
        ],
        'local' => [
            'supervisor-1' => ['maxProcesses' => 2],
        ],
    ],

];
