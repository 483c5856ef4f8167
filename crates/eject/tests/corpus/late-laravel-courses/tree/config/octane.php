<?php

return [
    'server' => env('OCTANE_SERVER', 'swoole'),
    'tables' => [
        'redis_substitute:1000' => ['name' => 'string:1000', 'votes' => 'int'],
    ],
    'cache' => ['rows' => 1000, 'bytes' => 10000],
];
