<?php

namespace App\Command;

use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

#[AsCommand('app:listen', 'Shows what is published on Redis.')]
class ListenCommand extends Command
{
    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $redis = new \Redis();
        $redis->pconnect(getenv('REDIS_HOST') ?: '127.0.0.1', 6379, 0, 'listen');
        $redis->setOption(\Redis::OPT_READ_TIMEOUT, -1);
        $redis->psubscribe(['rt:*'], function (\Redis $redis, string $pattern, string $channel, string $message) use ($output): void {
            $output->writeln("<info>$channel</info> $message");
        });

        return Command::SUCCESS;
    }
}
