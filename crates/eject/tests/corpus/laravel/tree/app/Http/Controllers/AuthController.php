<?php

namespace App\Http\Controllers;

use App\Services\Text;
use App\Services\TokenStore;

class AuthController
{
    public function logout(TokenStore $tokens, Text $text)
    {
        $tokens->revoke(request('token'));
        return $text->title('bye');
    }
}
