<?php

declare(strict_types=1);

namespace DoctrineMigrations;

use Doctrine\DBAL\Schema\Schema;
use Doctrine\Migrations\AbstractMigration;

final class Version20240301101500 extends AbstractMigration
{
    public function getDescription(): string
    {
        return 'Subscriptions leave Redis';
    }

    public function up(Schema $schema): void
    {
        $this->addSql('CREATE TABLE subscription (id INT PRIMARY KEY, redis_key TEXT)');
    }
}
