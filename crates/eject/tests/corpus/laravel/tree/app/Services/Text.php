<?php

namespace App\Services;

class Text
{
    /** Redis is not asked. */
    public function title(string $s): string
    {
        return ucfirst($s) . ' Redis';
    }
}
