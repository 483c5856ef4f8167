<?php

namespace App\Services;

use App\Events\SeatTaken;
use App\Jobs\SendTicketPdf;
use App\Jobs\SyncToCrm;
use App\Models\Order;
use Illuminate\Contracts\Cache\LockTimeoutException;
use Illuminate\Support\Facades\Cache;
use Illuminate\Support\Facades\DB;

class Checkout
{
    public function __construct(private readonly SeatHold $holds) {}

    /** @throws LockTimeoutException */
    public function pay(Order $order): Order
    {
        return Cache::store('redis')->lock("checkout:{$order->event_id}:{$order->seat}", 20)->block(5, function () use ($order) {
            if ($order->paid_at !== null) {
                return $order;
            }

            DB::transaction(fn () => $order->update(['paid_at' => now()]));

            $this->holds->release($order->event_id, $order->seat);

            SeatTaken::dispatch($order->event_id, $order->seat);
            SendTicketPdf::dispatch($order)->onQueue('pdf');
            SyncToCrm::dispatch($order->user_id);

            return $order;
        });
    }
}
