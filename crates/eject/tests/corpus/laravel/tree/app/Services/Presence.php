<?php

namespace App\Services;

use Predis\Client;

class Presence
{
    private Client $client;

    public function __construct()
    {
        $this->client = new Client(getenv('REDIS_URL'));
    }

    public function seen(string $user): void
    {
        $this->client->zadd('presence', [$user => time()]);
    }
}
