<?php

define('OPAC_DB', 'pgsql:host=localhost;dbname=opac');
define('OPAC_REDIS_HOST', getenv('OPAC_REDIS_HOST') ?: '127.0.0.1');
define('OPAC_REDIS_AUTH', 'hunter2Opachunter2');
define('OPAC_TITLE', 'Catalogue');
