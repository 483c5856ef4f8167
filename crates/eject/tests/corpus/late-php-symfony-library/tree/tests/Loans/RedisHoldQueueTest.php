<?php

namespace App\Tests\Loans;

use App\Loans\RedisHoldQueue;
use PHPUnit\Framework\Attributes\Group;
use PHPUnit\Framework\TestCase;
use Predis\Client;
use Psr\Log\NullLogger;

#[Group('redis')]
final class RedisHoldQueueTest extends TestCase
{
    public function testNobodyWaitsTwice(): void
    {
        $client = new Client($_SERVER['REDIS_URL']);
        $client->flushdb();
        $queue = new RedisHoldQueue($client, new NullLogger());

        self::assertSame(1, $queue->join('9783161484100', 7));
        self::assertSame(1, $queue->join('9783161484100', 7));
        self::assertSame(7, $queue->next('9783161484100'));
        self::assertNull($queue->next('9783161484100'));
    }
}
