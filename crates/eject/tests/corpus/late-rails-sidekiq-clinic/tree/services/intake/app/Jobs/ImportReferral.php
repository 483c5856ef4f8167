<?php

namespace App\Jobs;

use App\Models\Referral;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Foundation\Queue\Queueable;
use Illuminate\Support\Facades\Redis;

class ImportReferral implements ShouldQueue
{
    use Queueable;

    public function __construct(private readonly string $fax) {}

    public function handle(): void
    {
        Redis::throttle('ocr')->allow(5)->every(60)->then(function () {
            $referral = Referral::fromFax($this->fax);
            if (Redis::sadd('referrals:seen', $referral->hash) === 0) {
                return;
            }
            $referral->save();
        }, fn () => $this->release(30));
    }
}
