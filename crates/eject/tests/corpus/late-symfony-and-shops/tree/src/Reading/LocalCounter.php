<?php

declare(strict_types=1);

namespace App\Reading;

/** Counts in APCu, without Redis. */
final class LocalCounter
{
    private array $redis = [];

    public function read(int $article): int
    {
        return $this->redis[$article] = apcu_inc('reads:' . $article) ?: 1;
    }
}
