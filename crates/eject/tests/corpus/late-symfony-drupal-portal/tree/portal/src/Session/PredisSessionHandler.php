<?php

namespace App\Session;

use Predis\Client;

/** @deprecated since Symfony's own handler takes phpredis */
final class PredisSessionHandler
{
    public function __construct(private Client $client)
    {
    }

    public function read(string $id): string
    {
        return (string) $this->client->get("sess:$id");
    }
}
