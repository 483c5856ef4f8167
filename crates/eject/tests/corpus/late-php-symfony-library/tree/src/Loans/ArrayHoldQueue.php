<?php

namespace App\Loans;

final class ArrayHoldQueue implements HoldQueue
{
    /** @var array<string, list<int>> */
    private array $client = [];

    public function join(string $isbn, int $reader): int
    {
        if (!\in_array($reader, $this->client[$isbn] ?? [], true)) {
            $this->client[$isbn][] = $reader;
        }

        return array_search($reader, $this->client[$isbn], true) + 1;
    }

    public function leave(string $isbn, int $reader): void
    {
        $this->client[$isbn] = array_values(array_diff($this->client[$isbn] ?? [], [$reader]));
    }

    public function next(string $isbn): ?int
    {
        if (empty($this->client[$isbn])) {
            return null;
        }

        return array_shift($this->client[$isbn]);
    }
}
