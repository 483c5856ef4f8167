<?php

namespace Drupal\portal_sync;

use Drupal\Core\Lock\LockBackendInterface;
use Drupal\redis\ClientFactory;

/**
 * The news that the portal shows beside its forms.
 */
class NewsList {

  public function __construct(
    protected ClientFactory $factory,
    protected LockBackendInterface $lock,
  ) {}

  public function push(int $nid, string $title): void {
    if (!$this->lock->acquire('portal_sync')) {
      return;
    }
    $redis = $this->factory::getClient();
    $redis->lPush('portal:news', json_encode(['nid' => $nid, 'title' => $title]));
    $redis->lTrim('portal:news', 0, 19);
    $this->lock->release('portal_sync');
  }

}
