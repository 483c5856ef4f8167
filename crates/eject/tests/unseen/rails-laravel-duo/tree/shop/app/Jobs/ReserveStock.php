<?php

namespace App\Jobs;

use Illuminate\Bus\Queueable;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Foundation\Bus\Dispatchable;
use Illuminate\Queue\InteractsWithQueue;
use Illuminate\Queue\Middleware\RateLimitedWithRedis;
use Illuminate\Support\Facades\Http;
use Illuminate\Support\Facades\Redis;

class ReserveStock implements ShouldQueue
{
    use Dispatchable, InteractsWithQueue, Queueable;

    public int $tries = 5;

    public function __construct(public string $sku, public int $pieces)
    {
        $this->onConnection('redis')->onQueue('stock');
    }

    public function middleware(): array
    {
        return [new RateLimitedWithRedis('stock')];
    }

    public function handle(): void
    {
        Redis::throttle('warehouse-api')->allow(20)->every(1)->then(
            fn () => Http::post(config('services.warehouse.url'), ['sku' => $this->sku, 'pieces' => $this->pieces]),
            fn () => $this->release(10),
        );
    }
}
