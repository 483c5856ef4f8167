<?php

return ['redis' => ['host' => 'h', 'password' => 'hunter2Phphunter2']];
