<?php

namespace App\Http\Controllers;

use App\Services\CurrencyRates;
use App\Services\EventCatalogue;

class EventController
{
    public function show(int $event, EventCatalogue $catalogue, CurrencyRates $rates): array
    {
        $found = $catalogue->find($event);

        return [
            'event' => $found,
            'views' => $catalogue->views($event),
            'rate' => $rates->rate($found->currency),
        ];
    }
}
