<?php

namespace App\Command;

use Symfony\Component\Cache\Adapter\RedisAdapter;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\DependencyInjection\Attribute\Autowire;

#[AsCommand('library:memory', 'How much memory the server takes')]
final class MemoryCommand extends Command
{
    public function __construct(#[Autowire(env: 'REDIS_URL')] private readonly string $url)
    {
        parent::__construct();
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $server = RedisAdapter::createConnection($this->url, ['class' => \Redis::class]);
        $memory = $server->info('memory');
        $output->writeln($memory['used_memory_human'].' for '.$server->dbSize().' keys');

        return Command::SUCCESS;
    }
}
