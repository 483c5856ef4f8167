<?php

namespace App\Http\Controllers;

use App\Models\Order;
use App\Services\Checkout;
use Illuminate\Contracts\Cache\LockTimeoutException;

class CheckoutController
{
    public function __invoke(Order $order, Checkout $checkout)
    {
        try {
            return $checkout->pay($order);
        } catch (LockTimeoutException) {
            abort(423, 'Somebody else buys this seat.');
        }
    }
}
