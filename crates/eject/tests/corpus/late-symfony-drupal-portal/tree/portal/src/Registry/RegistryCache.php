<?php

namespace App\Registry;

use PhpAmqpLib\Connection\AMQPStreamConnection;
use Symfony\Component\Cache\Adapter\ArrayAdapter;
use Symfony\Contracts\Cache\CacheInterface;

/** Streets and houses, for as long as one request: not worth a round trip to Redis. */
class RegistryCache
{
    private CacheInterface $cache;

    public function __construct(private string $registryDsn)
    {
        $this->cache = new ArrayAdapter(maxItems: 1000);
    }

    public function street(string $key): array
    {
        return $this->cache->get($key, fn (): array => ['key' => $key]);
    }

    public function announce(): void
    {
        $url = parse_url($this->registryDsn);
        $connection = new AMQPStreamConnection($url['host'], $url['port'], $url['user'], $url['pass']);
        $connection->channel()->queue_declare('registry', durable: true);
        $connection->close();
    }
}
