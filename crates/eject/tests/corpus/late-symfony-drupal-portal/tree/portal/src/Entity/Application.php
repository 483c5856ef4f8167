<?php

namespace App\Entity;

use Doctrine\ORM\Mapping as ORM;

#[ORM\Entity]
#[ORM\Table(name: 'applications')]
class Application
{
    #[ORM\Id, ORM\GeneratedValue, ORM\Column]
    public ?int $id = null;

    #[ORM\Column(name: 'redis_key', nullable: true)]
    public ?string $cacheKey = null;

    #[ORM\Column(name: 'queue_position')]
    public int $queuePosition = 0;

    public function __construct(#[ORM\Column] public string $form)
    {
    }
}
