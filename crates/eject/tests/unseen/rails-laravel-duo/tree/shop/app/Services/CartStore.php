<?php

namespace App\Services;

use Illuminate\Support\Facades\Redis;

class CartStore
{
    public function add(string $cart, string $sku, int $pieces): int
    {
        $count = Redis::hincrby("cart:{$cart}", $sku, $pieces);
        Redis::expire("cart:{$cart}", 86400 * 14);

        return $count;
    }

    public function all(string $cart): array
    {
        return array_map('intval', Redis::connection('default')->hgetall("cart:{$cart}"));
    }

    public function merge(string $from, string $to): void
    {
        $pieces = $this->all($from);
        Redis::pipeline(function ($pipe) use ($pieces, $from, $to) {
            foreach ($pieces as $sku => $count) {
                $pipe->hincrby("cart:{$to}", $sku, $count);
            }
            $pipe->del("cart:{$from}");
        });
    }
}
