<?php

namespace App\Services;

use Illuminate\Support\Facades\Redis;

class LoginCode
{
    public function issue(string $email): string
    {
        $code = (string) random_int(100000, 999999);
        Redis::setex("login-code:{$email}", 600, hash('sha256', $code));

        return $code;
    }

    public function redeem(string $email, string $code): bool
    {
        $hash = Redis::get("login-code:{$email}");
        if ($hash === null || ! hash_equals($hash, hash('sha256', $code))) {
            return false;
        }

        return Redis::del("login-code:{$email}") === 1;
    }
}
