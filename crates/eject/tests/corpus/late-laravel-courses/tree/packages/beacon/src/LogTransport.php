<?php

declare(strict_types=1);

namespace Beacon;

use Psr\Log\LoggerInterface;

final class LogTransport implements Transport
{
    public function __construct(private readonly LoggerInterface $client) {}

    public function send(array $fields): void
    {
        $this->client->info('xadd', $fields);
    }
}
