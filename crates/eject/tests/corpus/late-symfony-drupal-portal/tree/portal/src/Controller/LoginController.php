<?php

namespace App\Controller;

use App\Token\OneTimeCodes;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Exception\TooManyRequestsHttpException;
use Symfony\Component\RateLimiter\RateLimiterFactory;
use Symfony\Component\Routing\Attribute\Route;

final class LoginController extends AbstractController
{
    #[Route('/login/code', methods: ['POST'])]
    public function __invoke(Request $request, RateLimiterFactory $loginLimiter, OneTimeCodes $codes): Response
    {
        if (!$loginLimiter->create($request->getClientIp())->consume()->isAccepted()) {
            throw new TooManyRequestsHttpException();
        }
        $user = $codes->take($request->getPayload()->getString('code'));
        $request->getSession()->set('user', $user);

        return new Response(status: $user ? 204 : 401);
    }
}
