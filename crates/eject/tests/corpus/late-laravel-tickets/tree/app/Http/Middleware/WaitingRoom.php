<?php

namespace App\Http\Middleware;

use Closure;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Redis;
use Symfony\Component\HttpFoundation\Response;

class WaitingRoom
{
    private const CAPACITY = 500;

    public function handle(Request $request, Closure $next): Response
    {
        $event = $request->route('event');
        $user = $request->user()->id;

        [, , $rank] = Redis::pipeline(function ($pipe) use ($event, $user) {
            $pipe->zadd("room:{$event}", ['NX'], microtime(true), $user);
            $pipe->expire("room:{$event}", 3600);
            $pipe->zrank("room:{$event}", $user);
        });

        if ($rank >= self::CAPACITY) {
            return response()->json(['position' => $rank - self::CAPACITY + 1], 202);
        }

        return $next($request);
    }
}
