using Hangfire;
using StackExchange.Redis;
using Ticketing.Caching;

namespace Ticketing.Worker.Jobs;

public sealed class HoldSweeper(IRedisConnection redis, IBackgroundJobClient jobs)
{
    [DisableConcurrentExecution(60)]
    public async Task SweepAsync()
    {
        var server = redis.Multiplexer.GetServers()[0];
        await foreach (var key in server.KeysAsync(pattern: redis.Key("holds", "*").ToString(), pageSize: 500))
        {
            var gone = await redis.Database.SortedSetRemoveRangeByScoreAsync(key, double.NegativeInfinity, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            if (gone > 100) jobs.Enqueue<HoldSweeper>(s => s.ReportAsync(key.ToString(), gone));
        }
    }

    public Task ReportAsync(string key, long gone) =>
        redis.Database.StreamAddAsync("sweeps", [new NameValueEntry("key", key), new NameValueEntry("gone", gone)], maxLength: 10_000);
}
