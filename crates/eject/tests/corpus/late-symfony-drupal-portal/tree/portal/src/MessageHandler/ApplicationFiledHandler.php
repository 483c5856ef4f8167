<?php

namespace App\MessageHandler;

use App\Message\ApplicationFiled;
use App\Realtime\Publisher;
use Symfony\Component\Messenger\Attribute\AsMessageHandler;

#[AsMessageHandler]
final readonly class ApplicationFiledHandler
{
    public function __construct(private Publisher $publisher)
    {
    }

    public function __invoke(ApplicationFiled $message): void
    {
        $this->publisher->publish('checked', ['id' => $message->id]);
    }
}
