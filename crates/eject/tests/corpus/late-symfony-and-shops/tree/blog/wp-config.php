<?php
define('DB_NAME', 'blog');
define('DB_PASSWORD', getenv('DB_PASSWORD'));
define('WP_REDIS_HOST', getenv('WP_REDIS_HOST') ?: 'redis');
define('WP_REDIS_PASSWORD', 'hunter2Bloghunter2');
define('WP_CACHE', true);
$table_prefix = 'wp_';
require_once __DIR__ . '/wp-settings.php';
