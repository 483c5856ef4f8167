<?php

use Illuminate\Support\Facades\Redis;

it('revokes', fn () => Redis::shouldReceive('del')->once());
