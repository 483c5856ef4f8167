<?php

declare(strict_types=1);

namespace App\Controller;

use App\Message\SendIssue;
use App\Reading\Counter;
use App\Reading\LocalCounter;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Messenger\MessageBusInterface;
use Symfony\Component\Routing\Attribute\Route;
use Symfony\Contracts\Cache\CacheInterface;

final class ArticleController
{
    public function __construct(
        private readonly Counter $counter,
        private readonly LocalCounter $local,
        private readonly CacheInterface $feedCache,
        private readonly MessageBusInterface $bus,
    ) {
    }

    #[Route('/articles/{id}')]
    public function show(int $id, Request $request): Response
    {
        $this->local->read($id);
        $request->getSession()->set('last', $id);
        $this->bus->dispatch(new SendIssue($id));
        $html = $this->feedCache->get('article.' . $id, fn () => '<h1>Redis</h1>');

        return new Response($html . $this->counter->read($id));
    }
}
