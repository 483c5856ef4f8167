<?php

/** A cache of the old catalogue. */
class OpacCache
{
    private static $redis = null;

    private static function connection()
    {
        if (self::$redis === null) {
            self::$redis = new Redis();
            self::$redis->pconnect(OPAC_REDIS_HOST, 6379, 1.5);
            self::$redis->auth(OPAC_REDIS_AUTH);
            self::$redis->setOption(Redis::OPT_PREFIX, 'opac:');
        }

        return self::$redis;
    }

    public static function remember($key, $seconds, $fill)
    {
        try {
            $redis = self::connection();
            $value = $redis->get($key);
            if ($value === false) {
                $value = serialize($fill());
                $redis->setEx($key, $seconds, $value);
            }

            return unserialize($value);
        } catch (RedisException $e) {
            error_log('opac: redis: ' . $e->getMessage());

            return $fill();
        }
    }
}
