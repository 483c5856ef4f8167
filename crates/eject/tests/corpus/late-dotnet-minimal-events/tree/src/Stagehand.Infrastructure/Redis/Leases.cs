using Stagehand.Core.Orders;

namespace Stagehand.Infrastructure.Redis;

internal sealed class Leases(IConnectionMultiplexer mux) : ILeases
{
    public async Task<IAsyncDisposable?> AcquireAsync(string name, TimeSpan ttl)
    {
        var db = mux.GetDatabase();
        RedisValue token = Guid.NewGuid().ToString("N");
        return await db.LockTakeAsync($"lease:{name}", token, ttl) ? new Lease(db, $"lease:{name}", token) : null;
    }

    private sealed class Lease(IDatabase db, RedisKey key, RedisValue token) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await db.LockReleaseAsync(key, token);
    }
}
