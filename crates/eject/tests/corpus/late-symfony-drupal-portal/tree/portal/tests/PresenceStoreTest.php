<?php

namespace App\Tests;

use App\Presence\PresenceStore;
use M6Web\Component\RedisMock\RedisMockFactory;
use PHPUnit\Framework\TestCase;
use Predis\Client;

final class PresenceStoreTest extends TestCase
{
    public function testEveryClerkIsThere(): void
    {
        $redis = (new RedisMockFactory())->getAdapter(Client::class);
        $store = new PresenceStore($redis, 60);
        $store->enter(3, 'ada');
        self::assertSame(['ada'], $store->of(3));
    }
}
