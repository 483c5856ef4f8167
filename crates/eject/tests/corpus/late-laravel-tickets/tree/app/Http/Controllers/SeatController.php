<?php

namespace App\Http\Controllers;

use App\Services\SeatHold;
use Illuminate\Http\JsonResponse;
use Illuminate\Http\Request;

class SeatController
{
    public function __construct(private SeatHold $holds) {}

    public function index(int $event): array
    {
        return ['held' => array_keys($this->holds->held($event))];
    }

    public function hold(Request $request, int $event, string $seat): JsonResponse
    {
        $held = $this->holds->hold($event, $seat, $request->user()->id);

        return response()->json(['held' => $held], $held ? 201 : 409);
    }
}
