<?php
/**
 * Plugin Name: Hit counter
 * Description: Counts hits in Redis if there is one, and in an option if there is none.
 */

function hit_counter_client() {
    static $client = null;
    if (null === $client && class_exists('Redis')) {
        $client = new Redis();
        $client->connect(WP_REDIS_HOST, 6379, 1);
        $client->auth(WP_REDIS_PASSWORD);
    }
    return $client;
}

add_action('wp', function () {
    $client = hit_counter_client();
    if ($client) {
        $client->incr('hits:' . get_the_ID());
    } else {
        update_option('hits', (int) get_option('hits') + 1);
    }
    wp_cache_set('last_hit', time());
    set_transient('redis_notice', 'Redis is optional', HOUR_IN_SECONDS);
});
