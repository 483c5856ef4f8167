<?php

use Illuminate\Support\Facades\Schedule;

Schedule::command('horizon:snapshot')->everyFiveMinutes();
Schedule::command('queue:prune-batches')->daily();
Schedule::command('model:prune')->dailyAt('03:30')->onOneServer();
