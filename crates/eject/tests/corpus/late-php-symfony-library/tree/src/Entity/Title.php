<?php

namespace App\Entity;

use Doctrine\ORM\Mapping as ORM;

#[ORM\Entity]
#[ORM\Table(name: 'titles')]
class Title
{
    public function __construct(
        #[ORM\Id, ORM\Column(length: 13)]
        public readonly string $isbn,
        #[ORM\Column(length: 255)]
        public string $name,
        #[ORM\Column]
        public int $copies = 1,
        #[ORM\Column(name: 'redis_rank', nullable: true)]
        public ?int $rank = null,
    ) {
    }
}
