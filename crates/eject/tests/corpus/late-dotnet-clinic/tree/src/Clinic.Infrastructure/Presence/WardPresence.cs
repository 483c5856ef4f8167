using StackExchange.Redis;

namespace Clinic.Infrastructure.Presence;

public sealed class WardPresence
{
    private readonly IDatabase _db;
    private readonly ISubscriber _subscriber;

    public WardPresence(IConnectionMultiplexer multiplexer)
    {
        _db = multiplexer.GetDatabase();
        _subscriber = multiplexer.GetSubscriber();
    }

    public async Task Seen(string user)
    {
        var batch = _db.CreateBatch();
        var added = batch.SortedSetAddAsync("ward:seen", user, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var expires = batch.KeyExpireAsync("ward:seen", TimeSpan.FromHours(1));
        batch.Execute();
        await Task.WhenAll(added, expires);
        await _subscriber.PublishAsync(RedisChannel.Literal("ward"), user);
    }

    public async Task<string[]> Present()
    {
        RedisValue[] values = await _db.SortedSetRangeByRankAsync("ward:seen", 0, -1, Order.Descending);
        return values.Select(value => value.ToString()).ToArray();
    }
}
