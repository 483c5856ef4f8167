<?php

namespace App\Services;

use Illuminate\Support\Facades\Redis;

class TokenStore
{
    public function remember(string $user, string $token): void
    {
        Redis::setex("refresh_token:{$token}", 2592000, $user);
    }

    public function revoke(string $token): void
    {
        Redis::connection('default')->del("refresh_token:{$token}");
    }
}
