<?php

namespace Deployer;

require 'recipe/symfony.php';

set('repository', 'git@gitlab.example.com:city/portal.git');
set('shared_files', ['.env.local']);
set('keep_releases', 5);
set('env', ['REDIS_HOST' => '10.1.0.20', 'APP_ENV' => 'prod']);

host('production')
    ->setHostname('portal.example.com')
    ->setRemoteUser('deploy')
    ->setDeployPath('/srv/portal');

task('workers:restart', function (): void {
    run('{{bin/console}} messenger:stop-workers');
});

task('limits:forget', function (): void {
    run('redis-cli -h 10.1.0.20 -a hunter2Portalkvhunter2 -n 3 FLUSHDB');
});

after('deploy:symlink', 'workers:restart');
after('deploy:failed', 'deploy:unlock');
