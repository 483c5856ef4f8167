<?php

declare(strict_types=1);

namespace App\Reading;

final class Counter
{
    public function __construct(private readonly \Redis $redis)
    {
    }

    public function read(int $article): int
    {
        $this->redis->pfAdd('readers:' . $article, [session_id()]);

        return (int) $this->redis->hIncrBy('reads', (string) $article, 1);
    }

    public function top(): array
    {
        try {
            return $this->redis->zRevRange('top', 0, 9, true);
        } catch (\RedisException) {
            return [];
        }
    }
}
