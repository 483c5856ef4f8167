<?php

namespace App\Message;

final readonly class ApplicationFiled
{
    public function __construct(public int $id)
    {
    }
}
