<?php

declare(strict_types=1);

namespace Beacon;

/** By Redis, or into a log. */
interface Transport
{
    public function send(array $fields): void;
}
