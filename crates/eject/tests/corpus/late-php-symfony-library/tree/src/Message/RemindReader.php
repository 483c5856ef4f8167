<?php

namespace App\Message;

final class RemindReader
{
    public function __construct(public readonly int $reader, public readonly string $isbn)
    {
    }
}
