using RedLockNet;
using RedLockNet.SERedis;
using RedLockNet.SERedis.Configuration;

namespace Ticketing.Caching;

public sealed class SeatLock : IDisposable
{
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(15);
    private readonly RedLockFactory _factory;

    public SeatLock(IRedisConnection redis) =>
        _factory = RedLockFactory.Create(new List<RedLockMultiplexer> { new(redis.Multiplexer) { RedisKeyFormat = "tix:lock:{0}" } });

    /// <summary>Null when somebody else has it.</summary>
    public async Task<IRedLock?> TryAsync(string show, string seat, CancellationToken ct)
    {
        var held = await _factory.CreateLockAsync($"{show}/{seat}", Expiry, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(100), ct);
        if (held.IsAcquired) return held;
        await held.DisposeAsync();
        return null;
    }

    public void Dispose() => _factory.Dispose();
}
