<?php

declare(strict_types=1);

namespace App\Message;

final readonly class SendIssue
{
    public function __construct(public int $issue)
    {
    }
}
