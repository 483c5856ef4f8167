<?php

namespace Tests\Feature;

use App\Services\CartStore;
use Illuminate\Support\Facades\Redis;
use Tests\TestCase;

class CartStoreTest extends TestCase
{
    public function test_pieces_are_counted(): void
    {
        Redis::shouldReceive('hincrby')->once()->with('cart:c', 'A-1', 2)->andReturn(2);
        Redis::shouldReceive('expire')->once();

        $this->assertSame(2, app(CartStore::class)->add('c', 'A-1', 2));
    }
}
