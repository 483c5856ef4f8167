<?php

namespace Tests\Feature;

use App\Services\SeatHold;
use Illuminate\Support\Facades\Redis;
use Tests\TestCase;

class SeatHoldTest extends TestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        Redis::flushdb();
    }

    public function test_a_seat_is_held_once(): void
    {
        $holds = $this->app->make(SeatHold::class);

        $this->assertTrue($holds->hold(1, 'A1', 7));
        $this->assertFalse($holds->hold(1, 'A1', 8));
        $this->assertSame('7', Redis::hget('holds:1', 'A1'));
    }
}
