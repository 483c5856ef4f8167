<?php

namespace App\Tests\Loans;

use App\Loans\ArrayHoldQueue;
use PHPUnit\Framework\TestCase;

final class ArrayHoldQueueTest extends TestCase
{
    public function testTheFirstIsNext(): void
    {
        $queue = new ArrayHoldQueue();
        self::assertSame(1, $queue->join('9783161484100', 7));
        self::assertSame(2, $queue->join('9783161484100', 8));
        self::assertSame(7, $queue->next('9783161484100'));
    }
}
