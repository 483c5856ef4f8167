<?php

namespace App\Loans;

/** Who waits for a title. In production the queue is in Redis. */
interface HoldQueue
{
    public function join(string $isbn, int $reader): int;

    public function leave(string $isbn, int $reader): void;

    public function next(string $isbn): ?int;
}
