<?php

namespace App\Http\Controllers;

use App\Services\Presence;

class HomeController
{
    public function index(Presence $presence)
    {
        $presence->seen(auth()->id());
        return view('home');
    }
}
