<?php

declare(strict_types=1);

namespace Beacon;

use Predis\ClientInterface;
use Predis\Connection\ConnectionException;

final readonly class PredisTransport implements Transport
{
    private const TRIM = <<<'LUA'
        return redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1])
        LUA;

    public function __construct(
        private ClientInterface $client,
        private string $stream = 'events',
    ) {}

    public function send(array $fields): void
    {
        try {
            $this->client->xadd($this->stream, $fields, '*', ['trim' => ['MAXLEN', '~', 10000]]);
        } catch (ConnectionException $e) {
            throw new TransportFailed('Redis is away', previous: $e);
        }
    }

    public function trim(int $seconds): int
    {
        $script = $this->client->script('load', self::TRIM);

        return (int) $this->client->evalsha($script, 1, $this->stream, $seconds);
    }
}
