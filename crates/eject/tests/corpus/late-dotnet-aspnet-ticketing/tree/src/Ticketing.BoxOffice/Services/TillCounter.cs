using System;
using ServiceStack.Redis;

namespace Ticketing.BoxOffice.Services
{
    public class TillCounter
    {
        private readonly IRedisClientsManager _redisManager;

        public TillCounter(IRedisClientsManager redisManager) => _redisManager = redisManager;

        public long NextReceipt(string till)
        {
            using (var redis = _redisManager.GetClient())
            {
                var number = redis.IncrementValue("till:" + till + ":receipt");
                redis.AddItemToSortedSet("till:last", till, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
                return number;
            }
        }
    }
}
