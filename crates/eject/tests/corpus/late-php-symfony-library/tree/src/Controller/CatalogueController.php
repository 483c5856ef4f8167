<?php

namespace App\Controller;

use App\Statistics\BorrowRanking;
use Doctrine\DBAL\Connection;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\RateLimiter\RateLimiterFactory;
use Symfony\Component\Routing\Attribute\Route;
use Symfony\Contracts\Cache\ItemInterface;
use Symfony\Contracts\Cache\TagAwareCacheInterface;

final class CatalogueController extends AbstractController
{
    public function __construct(
        private readonly TagAwareCacheInterface $catalogueCache,
        private readonly RateLimiterFactory $searchLimiter,
        private readonly Connection $connection,
    ) {
    }

    #[Route('/titles', methods: ['GET'])]
    public function search(Request $request): JsonResponse
    {
        if (!$this->searchLimiter->create($request->getClientIp())->consume()->isAccepted()) {
            return $this->json(['error' => 'Too many searches'], 429);
        }
        $word = trim((string) $request->query->get('q'));
        $titles = $this->catalogueCache->get('search.'.sha1($word), function (ItemInterface $item) use ($word) {
            $item->tag('titles');

            return $this->connection->fetchAllAssociative('SELECT isbn, name FROM titles WHERE name ILIKE ? LIMIT 50', ["%$word%"]);
        });

        return $this->json($titles);
    }

    #[Route('/titles/popular', methods: ['GET'])]
    public function popular(BorrowRanking $ranking): JsonResponse
    {
        return $this->json($ranking->top(10));
    }
}
