<?php

declare(strict_types=1);

namespace Beacon;

use Illuminate\Support\ServiceProvider;
use Predis\Client;

final class BeaconServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->app->singleton(Transport::class, fn ($app) => match (config('beacon.transport')) {
            'log' => new LogTransport($app['log']),
            default =>
                new PredisTransport(new Client(config('beacon.dsn', 'tcp://127.0.0.1:6379'), ['prefix' => 'beacon:'])),
        });
    }
}
