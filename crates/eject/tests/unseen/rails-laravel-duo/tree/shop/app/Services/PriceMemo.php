<?php

namespace App\Services;

use Illuminate\Support\Collection;
use Illuminate\Support\Facades\Cache;

/** For one request; never asks redis. */
class PriceMemo
{
    private array $memo = [];

    public function __construct(private Collection $queue = new Collection())
    {
    }

    public function price(string $sku): int
    {
        return $this->memo[$sku] ??= Cache::store('array')->rememberForever("price:{$sku}", fn () => crc32($sku) % 10000);
    }

    public function set(string $sku, int $cents): void
    {
        $this->memo[$sku] = $cents;
        $this->queue->push($sku);
    }
}
