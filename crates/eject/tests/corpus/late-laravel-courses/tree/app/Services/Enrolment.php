<?php

namespace App\Services;

use App\Jobs\EncodeVideo;
use Illuminate\Contracts\Redis\Factory as Redis;
use Illuminate\Support\Facades\Cache;

final class Enrolment
{
    public function __construct(private readonly Redis $redis) {}

    public function enrol(int $course, int $user): bool
    {
        return Cache::lock("enrol:{$user}", 10)->block(3, function () use ($course, $user): bool {
            $connection = $this->redis->connection('default');
            $left = $connection->command('decrby', ["seats:{$course}", 1]);
            if ($left < 0) {
                $connection->incr("seats:{$course}");

                return false;
            }
            $connection->transaction(function ($tx) use ($course, $user): void {
                $tx->sadd("course:{$course}", $user);
                $tx->zincrby('popular', 1, $course);
            });
            $connection->publish('enrolments', json_encode(compact('course', 'user')));
            Cache::store('redis')->put("enrolled:{$user}", true, 600);
            Cache::store('file')->forget("offers:{$user}");
            EncodeVideo::dispatch($course)->onQueue('videos');

            return true;
        });
    }
}
