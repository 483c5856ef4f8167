cd /home/forge/tickets.stageside.example

git pull origin "$FORGE_SITE_BRANCH"
$FORGE_COMPOSER install --no-dev --no-interaction --prefer-dist --optimize-autoloader

$FORGE_PHP artisan migrate --force
$FORGE_PHP artisan config:cache
$FORGE_PHP artisan route:cache

# Models changed: what is cached of them must go.
redis-cli -n 1 --scan --pattern 'tickets_cache_*' | xargs -r redis-cli -n 1 unlink

( flock -w 10 9 || exit 1
    sudo -S service "$FORGE_PHP_FPM" reload ) 9>/tmp/fpmlock

$FORGE_PHP artisan horizon:terminate
