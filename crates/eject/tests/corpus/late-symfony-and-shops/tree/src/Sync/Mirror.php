<?php

declare(strict_types=1);

namespace App\Sync;

use Predis\ClientInterface;
use Predis\Pipeline\Pipeline;
use Symfony\Component\Lock\LockFactory;
use Symfony\Component\Lock\Store\RedisStore;

final class Mirror
{
    private LockFactory $locks;

    public function __construct(private readonly ClientInterface $client)
    {
        $this->locks = new LockFactory(new RedisStore($client));
    }

    public function run(array $rows): void
    {
        $lock = $this->locks->createLock('mirror', 60);
        if (!$lock->acquire()) {
            return;
        }
        $this->client->pipeline(function (Pipeline $pipe) use ($rows): void {
            foreach ($rows as $id => $row) {
                $pipe->hmset("row:{$id}", $row);
            }
        });
        $lock->release();
    }
}
