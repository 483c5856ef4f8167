<?php

namespace App\MessageHandler;

use App\Message\RemindReader;
use Psr\Log\LoggerInterface;
use Symfony\Component\Messenger\Attribute\AsMessageHandler;

#[AsMessageHandler]
final class RemindReaderHandler
{
    public function __construct(private readonly LoggerInterface $logger)
    {
    }

    public function __invoke(RemindReader $message): void
    {
        $this->logger->info('{isbn} is due', ['isbn' => $message->isbn, 'reader' => $message->reader]);
    }
}
