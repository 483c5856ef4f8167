<?php

namespace App\Tests\Reading;

use App\Reading\Counter;
use PHPUnit\Framework\TestCase;

final class CounterTest extends TestCase
{
    public function testRead(): void
    {
        $redis = new \Redis();
        $redis->connect('127.0.0.1', 6379);
        self::assertSame(1, (new Counter($redis))->read(1));
        $redis->flushDB();
    }
}
