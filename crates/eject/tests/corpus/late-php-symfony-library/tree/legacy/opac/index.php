<?php

require_once __DIR__ . '/config.php';
require_once __DIR__ . '/lib/OpacCache.php';
require_once __DIR__ . '/lib/Templates.php';

ini_set('session.save_handler', 'redis');
ini_set('session.save_path', 'tcp://' . OPAC_REDIS_HOST . ':6379?auth=' . OPAC_REDIS_AUTH);
session_start();

$db = new PDO(OPAC_DB);
$memcached = new Memcached();
$memcached->addServer('127.0.0.1', 11211);

$word = $_GET['q'] ?? '';
$rows = OpacCache::remember('search:' . md5($word), 600, function () use ($db, $word) {
    $statement = $db->prepare('SELECT isbn, name, redis_rank FROM titles WHERE name LIKE ? ORDER BY redis_rank');
    $statement->execute(['%' . $word . '%']);

    return $statement->fetchAll(PDO::FETCH_ASSOC);
});
$_SESSION['last'] = $word;

echo (new Templates($memcached))->render('list', ['title' => OPAC_TITLE, 'count' => count($rows)]);
