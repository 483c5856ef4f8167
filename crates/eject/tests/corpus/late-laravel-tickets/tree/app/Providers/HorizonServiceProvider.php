<?php

namespace App\Providers;

use App\Models\User;
use Illuminate\Support\Facades\Gate;
use Laravel\Horizon\Horizon;
use Laravel\Horizon\HorizonApplicationServiceProvider;

class HorizonServiceProvider extends HorizonApplicationServiceProvider
{
    public function boot(): void
    {
        parent::boot();

        Horizon::routeSlackNotificationsTo(config('services.slack.url'), '#tickets-ops');
    }

    protected function gate(): void
    {
        Gate::define('viewHorizon', fn (User $user) => $user->hasRole('ops'));
    }
}
