<?php

namespace App\Loans;

use App\Message\RemindReader;
use App\Statistics\BorrowRanking;
use Doctrine\DBAL\Connection;
use Symfony\Component\DependencyInjection\Attribute\Target;
use Symfony\Component\Lock\LockFactory;
use Symfony\Component\Messenger\MessageBusInterface;
use Symfony\Component\Messenger\Stamp\DelayStamp;

final class Desk
{
    public function __construct(
        private readonly Connection $connection,
        private readonly HoldQueue $holds,
        private readonly BorrowRanking $ranking,
        #[Target('loans.lock.factory')] private readonly LockFactory $locks,
        private readonly MessageBusInterface $bus,
    ) {
    }

    public function borrow(string $isbn, int $reader): bool
    {
        $lock = $this->locks->createLock('loan.'.$isbn, 10);
        if (!$lock->acquire(true)) {
            return false;
        }
        try {
            $free = (int) $this->connection->fetchOne(
                'SELECT copies - (SELECT count(*) FROM loans WHERE isbn = t.isbn AND returned IS NULL) FROM titles t WHERE isbn = ?',
                [$isbn],
            );
            if ($free < 1) {
                $this->holds->join($isbn, $reader);

                return false;
            }
            $this->connection->insert('loans', ['isbn' => $isbn, 'reader' => $reader, 'lent' => date('Y-m-d')]);
        } finally {
            $lock->release();
        }
        $this->ranking->borrowed($isbn);
        $this->bus->dispatch(new RemindReader($reader, $isbn), [new DelayStamp(18 * 86400 * 1000)]);

        return true;
    }
}
