<?php

namespace App\Console\Commands;

use Illuminate\Console\Command;
use Illuminate\Support\Facades\Redis;

class ListenEnrolments extends Command
{
    protected $signature = 'enrolments:listen';

    protected $description = 'Listens to Redis';

    public function handle(): void
    {
        Redis::subscribe(['enrolments'], function (string $message): void {
            $this->line($message);
        });
    }
}
