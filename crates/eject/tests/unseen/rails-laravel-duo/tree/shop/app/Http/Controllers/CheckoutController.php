<?php

namespace App\Http\Controllers;

use App\Jobs\ReserveStock;
use App\Services\CartStore;
use App\Services\PriceMemo;
use Illuminate\Contracts\Cache\LockTimeoutException;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Cache;

class CheckoutController extends Controller
{
    public function __construct(private CartStore $carts, private PriceMemo $prices)
    {
    }

    public function add(Request $request)
    {
        return ['pieces' => $this->carts->add($request->session()->getId(), $request->input('sku'), 1)];
    }

    public function pay(Request $request)
    {
        $lock = Cache::store('redis')->lock("checkout:{$request->user()->id}", 15);
        try {
            return $lock->block(3, function () use ($request) {
                $cart = $this->carts->all($request->session()->getId());
                foreach ($cart as $sku => $pieces) {
                    ReserveStock::dispatch($sku, $pieces);
                }

                return ['total' => collect($cart)->map(fn ($n, $sku) => $n * $this->prices->price($sku))->sum()];
            });
        } catch (LockTimeoutException) {
            abort(423);
        }
    }

    public function countries()
    {
        return Cache::remember('countries', 3600, fn () => ['de', 'fr', 'pl']);
    }
}
