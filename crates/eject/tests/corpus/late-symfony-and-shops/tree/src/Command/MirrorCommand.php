<?php

declare(strict_types=1);

namespace App\Command;

use App\Sync\Mirror;
use Symfony\Component\Cache\Adapter\FilesystemAdapter;
use Symfony\Component\Cache\Adapter\RedisAdapter;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

#[AsCommand('app:mirror', 'Mirrors rows into Redis')]
final class MirrorCommand extends Command
{
    public function __construct(private readonly Mirror $mirror)
    {
        parent::__construct();
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $files = new FilesystemAdapter();
        $cache = new RedisAdapter(RedisAdapter::createConnection($_ENV['REDIS_URL']), 'mirror');
        $item = $cache->getItem('rows');
        $this->mirror->run($item->get() ?? $files->getItem('rows')->get() ?? []);
        $output->writeln('Redis is filled');

        return Command::SUCCESS;
    }
}
