<?php

use Drupal\Core\Installer\InstallerKernel;

$databases['default']['default'] = [
  'driver' => 'mysql',
  'database' => 'cms',
  'username' => 'cms',
  'password' => 'hunter2Cmsdbhunter2',
  'host' => getenv('DB_HOST') ?: 'mariadb',
];
$settings['hash_salt'] = 'hunter2Drupalhunter2';
$settings['config_sync_directory'] = '../config/sync';

if (extension_loaded('redis') && !InstallerKernel::installationAttempted()) {
  $settings['redis.connection']['interface'] = 'PhpRedis';
  $settings['redis.connection']['host'] = getenv('REDIS_HOST') ?: '127.0.0.1';
  $settings['redis.connection']['password'] = getenv('REDIS_PASSWORD');
  $settings['redis.connection']['base'] = 5;
  $settings['cache']['default'] = 'cache.backend.redis';
  $settings['cache']['bins']['bootstrap'] = 'cache.backend.chainedfast';
  $settings['cache']['bins']['form'] = 'cache.backend.database';
  $settings['container_yamls'][] = 'modules/contrib/redis/example.services.yml';
  $class_loader->addPsr4('Drupal\\redis\\', 'modules/contrib/redis/src');
}

if (file_exists($app_root . '/' . $site_path . '/settings.local.php')) {
  include $app_root . '/' . $site_path . '/settings.local.php';
}
