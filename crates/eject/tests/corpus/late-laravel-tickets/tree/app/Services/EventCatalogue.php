<?php

namespace App\Services;

use App\Models\Event;
use Illuminate\Support\Facades\Cache;

class EventCatalogue
{
    public function find(int $id): Event
    {
        return Cache::tags(['events'])->remember("event:{$id}", now()->addHour(), fn () => Event::findOrFail($id));
    }

    public function forget(): void
    {
        Cache::tags(['events'])->flush();
    }

    public function views(int $id): int
    {
        return cache()->store('redis')->increment("views:{$id}");
    }

    public function rebuild(): bool
    {
        return (bool) Cache::lock('catalogue:rebuild', 60)->get(fn () => Event::query()->each(fn (Event $e) => $this->find($e->id)));
    }
}
