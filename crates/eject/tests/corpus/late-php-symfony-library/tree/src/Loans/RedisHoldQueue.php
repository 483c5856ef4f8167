<?php

namespace App\Loans;

use Predis\ClientInterface;
use Predis\Transaction\MultiExec;
use Psr\Log\LoggerInterface;

final class RedisHoldQueue implements HoldQueue
{
    public function __construct(
        private readonly ClientInterface $client,
        private readonly LoggerInterface $logger,
    ) {
    }

    public function join(string $isbn, int $reader): int
    {
        $key = $this->key($isbn);
        $this->client->zadd($key, 'NX', microtime(true), (string) $reader);

        return 1 + (int) $this->client->zrank($key, (string) $reader);
    }

    public function leave(string $isbn, int $reader): void
    {
        $this->client->transaction(function (MultiExec $tx) use ($isbn, $reader): void {
            $tx->zrem($this->key($isbn), (string) $reader);
            $tx->srem('reader:'.$reader.':holds', $isbn);
        });
    }

    public function next(string $isbn): ?int
    {
        $popped = $this->client->zpopmin($this->key($isbn));
        if ([] === $popped) {
            $this->logger->debug('Nobody waits in Redis for {isbn}', ['isbn' => $isbn]);

            return null;
        }

        return (int) array_key_first($popped);
    }

    private function key(string $isbn): string
    {
        return 'holds:'.$isbn;
    }
}
