<?php

namespace App\Jobs;

use Illuminate\Contracts\Queue\ShouldBeUnique;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Foundation\Queue\Queueable;
use Illuminate\Queue\Middleware\ThrottlesExceptionsWithRedis;
use Illuminate\Queue\Middleware\WithoutOverlapping;
use Illuminate\Support\Facades\Redis;

class EncodeVideo implements ShouldQueue, ShouldBeUnique
{
    use Queueable;

    public function __construct(public readonly int $video) {}

    public function middleware(): array
    {
        return [new ThrottlesExceptionsWithRedis(3, 300), new WithoutOverlapping($this->video)];
    }

    public function handle(): void
    {
        Redis::throttle('encoder')
            ->allow(10)->every(60)->block(5)
            ->then(fn () => $this->encode(), fn () => $this->release(10));
    }

    private function encode(): void
    {
        Redis::funnel('gpu')->limit(2)->then(
            fn () => exec("ffmpeg -i {$this->video}.mov {$this->video}.mp4"),
            fn () => $this->release(30),
        );
    }
}
