<?php

declare(strict_types=1);

namespace App\Token;

use Predis\Client;

class OneTimeCodes
{
    private const string TAKE = <<<'LUA'
        local user = redis.call('GET', KEYS[1])
        if user then redis.call('DEL', KEYS[1]) end
        return user
        LUA;

    private ?Client $client = null;

    public function issue(string $user): string
    {
        $code = bin2hex(random_bytes(16));
        $this->client()->setex("code:$code", 600, $user);

        return $code;
    }

    public function take(string $code): ?string
    {
        return $this->client()->eval(self::TAKE, 1, "code:$code");
    }

    private function client(): Client
    {
        return $this->client ??= new Client($_ENV['REDIS_URL'], ['parameters' => ['database' => 4]]);
    }
}
