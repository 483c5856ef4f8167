<?php

return [
    'driver' => env('SESSION_DRIVER', 'redis'),
    'lifetime' => (int) env('SESSION_LIFETIME', 120),
    'expire_on_close' => false,
    'encrypt' => false,
    'connection' => env('SESSION_CONNECTION', 'default'),
    'table' => 'sessions',
    'lottery' => [2, 100],
    'cookie' => 'tickets_session',
    'same_site' => 'lax',
];
