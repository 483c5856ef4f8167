<?php

namespace App\Realtime;

use Symfony\Component\Cache\Adapter\RedisAdapter;
use Symfony\Component\DependencyInjection\Attribute\Autowire;

class Publisher
{
    private \Redis|\Predis\ClientInterface|null $connection = null;

    public function __construct(#[Autowire(env: 'REDIS_URL')] private string $dsn)
    {
    }

    public function publish(string $topic, array $data): int
    {
        $this->connection ??= RedisAdapter::createConnection($this->dsn, ['lazy' => true, 'timeout' => 2]);

        return $this->connection->publish("rt:$topic", json_encode($data, JSON_THROW_ON_ERROR));
    }
}
