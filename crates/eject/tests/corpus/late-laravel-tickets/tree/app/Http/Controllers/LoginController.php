<?php

namespace App\Http\Controllers;

use App\Models\User;
use App\Services\LoginCode;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Mail;
use Illuminate\Support\Facades\RateLimiter;

class LoginController
{
    public function __construct(private LoginCode $codes) {}

    public function send(Request $request)
    {
        $email = $request->validate(['email' => 'required|email'])['email'];
        Mail::raw($this->codes->issue($email), fn ($m) => $m->to($email)->subject('Your code'));

        return response()->noContent();
    }

    public function login(Request $request)
    {
        $key = 'login:'.$request->input('email');
        if (RateLimiter::tooManyAttempts($key, 5)) {
            abort(429);
        }
        if (! $this->codes->redeem($request->input('email'), $request->input('code'))) {
            RateLimiter::hit($key, 300);
            abort(401);
        }
        RateLimiter::clear($key);

        return ['token' => User::firstOrCreate(['email' => $request->input('email')])->createToken('app')->plainTextToken];
    }
}
