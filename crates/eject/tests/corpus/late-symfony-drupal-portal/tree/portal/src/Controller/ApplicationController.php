<?php

namespace App\Controller;

use App\Entity\Application;
use App\Message\ApplicationFiled;
use App\Presence\PresenceStore;
use App\Realtime\Publisher;
use Doctrine\ORM\EntityManagerInterface;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\Lock\LockFactory;
use Symfony\Component\Messenger\MessageBusInterface;
use Symfony\Component\Routing\Attribute\Route;
use Symfony\Contracts\Cache\ItemInterface;
use Symfony\Contracts\Cache\TagAwareCacheInterface;

class ApplicationController extends AbstractController
{
    #[Route('/applications', methods: ['POST'])]
    public function file(
        Request $request,
        EntityManagerInterface $em,
        LockFactory $applicationsLockFactory,
        MessageBusInterface $bus,
        Publisher $publisher,
    ): JsonResponse {
        $lock = $applicationsLockFactory->createLock('file-'.$this->getUser()->getUserIdentifier(), 20);
        if (!$lock->acquire()) {
            return $this->json(['error' => 'busy'], 409);
        }
        $em->persist($application = new Application($request->getPayload()->getString('form')));
        $em->flush();
        $bus->dispatch(new ApplicationFiled($application->id));
        $publisher->publish('filed', ['id' => $application->id]);
        $lock->release();

        return $this->json(['id' => $application->id], 201);
    }

    #[Route('/applications/{id}/clerks', methods: ['PUT'])]
    public function open(int $id, PresenceStore $presence): JsonResponse
    {
        $presence->enter($id, $this->getUser()->getUserIdentifier());

        return $this->json($presence->of($id));
    }

    #[Route('/forms/{name}', methods: ['GET'])]
    public function form(string $name, TagAwareCacheInterface $formsCache): JsonResponse
    {
        return $this->json($formsCache->get("form.$name", function (ItemInterface $item) use ($name): array {
            $item->tag(['forms']);

            return ['name' => $name, 'fields' => []];
        }));
    }
}
