<?php

declare(strict_types=1);

namespace App\Presence;

use Predis\ClientInterface;
use Predis\Pipeline\Pipeline;

/** Which clerks have which application open. */
final readonly class PresenceStore
{
    public function __construct(private ClientInterface $redis, private int $ttl)
    {
    }

    public function enter(int $application, string $clerk): void
    {
        $this->redis->pipeline(function (Pipeline $pipe) use ($application, $clerk): void {
            $pipe->zadd("presence:$application", [$clerk => time()]);
            $pipe->expire("presence:$application", $this->ttl);
        });
    }

    /** @return list<string> */
    public function of(int $application): array
    {
        return $this->redis->zrangebyscore("presence:$application", time() - $this->ttl, '+inf');
    }
}
