using Stagehand.Core.Orders;

namespace Stagehand.Infrastructure.Redis;

/// <summary>Nobody buys more than twelve tickets a day.</summary>
internal sealed class PurchaseQuota(IConnectionMultiplexer mux) : IPurchaseQuota
{
    private const int PerDay = 12;

    public async Task<bool> TryTakeAsync(string buyer, int tickets)
    {
        var db = mux.GetDatabase();
        RedisKey key = RedisKeys.Quota(buyer);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            var used = await db.StringGetAsync(key);
            if ((int)used + tickets > PerDay) return false;

            var tran = db.CreateTransaction();
            tran.AddCondition(used.IsNull ? Condition.KeyNotExists(key) : Condition.StringEqual(key, used));
            _ = tran.StringIncrementAsync(key, tickets);
            _ = tran.KeyExpireAsync(key, TimeSpan.FromDays(1));
            if (await tran.ExecuteAsync()) return true;
        }

        return false;
    }
}
