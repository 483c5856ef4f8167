<?php

namespace App\Statistics;

class BorrowRanking
{
    public function __construct(private readonly \Redis $redis)
    {
    }

    public function borrowed(string $isbn): void
    {
        $week = $this->week();
        $this->redis->multi()
            ->zIncrBy($week, 1, $isbn)
            ->expire($week, 14 * 86400)
            ->exec();
    }

    /** @return array<string, float> */
    public function top(int $count): array
    {
        return $this->redis->zRevRange($this->week(), 0, $count - 1, true);
    }

    /** @param iterable<string> $isbns */
    public function rebuild(iterable $isbns): int
    {
        $pipe = $this->redis->pipeline();
        $pipe->del($this->week());
        foreach ($isbns as $isbn) {
            $pipe->zIncrBy($this->week(), 1, $isbn);
        }

        return \count($pipe->exec()) - 1;
    }

    private function week(): string
    {
        return 'ranking:'.date('o-W');
    }
}
