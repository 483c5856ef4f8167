<?php

use App\Http\Controllers\CheckoutController;
use App\Http\Controllers\EventController;
use App\Http\Controllers\LoginController;
use App\Http\Controllers\SeatController;
use Illuminate\Support\Facades\Route;

Route::post('login/code', [LoginController::class, 'send'])->middleware('throttle:login');
Route::post('login', [LoginController::class, 'login']);

Route::get('events/{event}', [EventController::class, 'show']);

Route::middleware(['auth:sanctum', 'waiting-room'])->group(function () {
    Route::get('events/{event}/seats', [SeatController::class, 'index']);
    Route::post('events/{event}/seats/{seat}/hold', [SeatController::class, 'hold']);
    Route::post('orders/{order}/checkout', CheckoutController::class);
});
