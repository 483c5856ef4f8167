<?php

namespace App\Command;

use App\Statistics\BorrowRanking;
use Doctrine\DBAL\Connection;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

#[AsCommand('library:ranking:rebuild', 'Writes the ranking of the week into Redis anew')]
final class RebuildRankingCommand extends Command
{
    public function __construct(private readonly Connection $connection, private readonly BorrowRanking $ranking)
    {
        parent::__construct();
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $isbns = $this->connection->iterateColumn("SELECT isbn FROM loans WHERE lent >= date_trunc('week', now())");
        $output->writeln(sprintf('%d loans are in Redis', $this->ranking->rebuild($isbns)));

        return Command::SUCCESS;
    }
}
