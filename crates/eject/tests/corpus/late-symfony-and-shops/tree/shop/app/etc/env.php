<?php
return [
    'backend' => ['frontName' => 'admin'],
    'db' => [
        'connection' => [
            'default' => ['host' => 'mysql', 'dbname' => 'magento', 'password' => 'hunter2Mysqlhunter2'],
        ],
    ],
    'session' => [
        'save' => 'redis',
        'redis' => [
            'host' => 'redis-session',
            'port' => '6379',
            'password' => 'hunter2Magentohunter2',
            'database' => '2',
        ],
    ],
    'cache' => [
        'frontend' => [
            'default' => [
                'id_prefix' => '69d_',
                'backend' => 'Magento\\Framework\\Cache\\Backend\\Redis',
                'backend_options' => ['server' => 'redis-cache', 'port' => '6379', 'database' => '0'],
            ],
            'page_cache' => [
                'backend' => 'Cm_Cache_Backend_Redis',
            ],
        ],
    ],
    'lock' => ['provider' => 'db'],
    'queue' => ['consumers_wait_for_messages' => 0],
];
