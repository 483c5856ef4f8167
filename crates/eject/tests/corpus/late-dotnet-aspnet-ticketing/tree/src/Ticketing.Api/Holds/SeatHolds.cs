namespace Ticketing.Api.Holds;

/// <summary>Seats in baskets. A hold ends by itself after eight minutes.</summary>
public sealed class SeatHolds(IRedisConnection redis)
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(8);

    private static readonly LuaScript ReleaseOwn = LuaScript.Prepare("""
        if redis.call('GET', @key) == @basket then
            return redis.call('DEL', @key)
        end
        return 0
        """);

    public async Task<bool> HoldAsync(string show, string seat, string basket)
    {
        var db = redis.Database;
        if (!await db.StringSetAsync(redis.Key("hold", show, seat), basket, Ttl, When.NotExists)) return false;

        var until = DateTimeOffset.UtcNow.Add(Ttl).ToUnixTimeSeconds();
        var batch = db.CreateBatch();
        var indexed = batch.SortedSetAddAsync(redis.Key("holds", show), seat, until);
        var told = batch.PublishAsync(RedisChannel.Literal($"seats:{show}"), $"held {seat}");
        batch.Execute();
        await Task.WhenAll(indexed, told);
        return true;
    }

    public async Task<bool> ReleaseAsync(string show, string seat, string basket)
    {
        var result = await redis.Database.ScriptEvaluateAsync(ReleaseOwn, new { key = redis.Key("hold", show, seat), basket });
        return (int)result == 1;
    }

    public async Task<IReadOnlyList<string>> HeldAsync(string show)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        RedisValue[] seats = await redis.Database.SortedSetRangeByScoreAsync(redis.Key("holds", show), now);
        return Array.ConvertAll(seats, s => (string)s!);
    }
}
