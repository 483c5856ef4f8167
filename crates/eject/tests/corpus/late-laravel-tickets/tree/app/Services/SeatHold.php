<?php

namespace App\Services;

use Illuminate\Contracts\Redis\Factory;
use Illuminate\Redis\Connections\Connection;

/** Keeps a seat for eight minutes while somebody pays. */
class SeatHold
{
    private const HOLD = <<<'LUA'
        local owner = redis.call('HGET', KEYS[1], ARGV[1])
        if owner and owner ~= ARGV[2] then
            return 0
        end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
        redis.call('EXPIRE', KEYS[1], ARGV[3])
        return 1
        LUA;

    public function __construct(private readonly Factory $redis) {}

    public function hold(int $event, string $seat, int $user): bool
    {
        return (bool) $this->connection()->eval(self::HOLD, 1, "holds:{$event}", $seat, $user, 480);
    }

    public function release(int $event, string $seat): void
    {
        $this->connection()->hdel("holds:{$event}", $seat);
    }

    /** @return array<string, string> seats and who holds them */
    public function held(int $event): array
    {
        return $this->connection()->hgetall("holds:{$event}");
    }

    private function connection(): Connection
    {
        return $this->redis->connection('default');
    }
}
