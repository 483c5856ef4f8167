<?php

namespace App\Console\Commands;

use App\Models\Order;
use Illuminate\Console\Command;
use Illuminate\Support\Facades\Redis;

class ListenForScans extends Command
{
    protected $signature = 'tickets:listen-scans';

    protected $description = 'Marks tickets as scanned; the gates publish to Redis themselves';

    public function handle(): int
    {
        Redis::psubscribe(['scan.*'], function (string $message, string $channel) {
            Order::whereKey(json_decode($message)->order)->update(['scanned_at' => now()]);
            $this->line("{$channel}: {$message}");
        });

        return self::SUCCESS;
    }
}
