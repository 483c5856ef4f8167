<?php

// Runs each night: php legacy/cron/overdue.php

$redis = new Redis();
$redis->connect(getenv('OPAC_REDIS_HOST') ?: '127.0.0.1');
if (!$redis->set('lock:overdue', getmypid(), ['nx', 'ex' => 900])) {
    fwrite(STDERR, "overdue.php runs already\n");
    exit(1);
}

$db = new PDO('pgsql:host=localhost;dbname=opac');
$late = $db->query("SELECT reader, isbn FROM loans WHERE returned IS NULL AND lent < now() - interval '21 days'");
foreach ($late as $row) {
    $redis->rPush('letters', json_encode(['reader' => $row['reader'], 'isbn' => $row['isbn']]));
}
$redis->del('lock:overdue');
$redis->close();
