using NRedisStack;
using NRedisStack.RedisStackCommands;
using NRedisStack.Search;
using StackExchange.Redis;

namespace Menu.Api.Orders;

public sealed record Order(string Id, int Table, string[] Dishes);

public sealed class OrderBook(IConnectionMultiplexer redis)
{
    private readonly JsonCommands _json = redis.GetDatabase().JSON();
    private readonly SearchCommands _search = redis.GetDatabase().FT();

    public async Task Place(Order order)
    {
        var table = order.Table;
        var token = Guid.NewGuid().ToString("N");
        var db = redis.GetDatabase(1);
        if (!await db.LockTakeAsync($"lock:{table}", token, TimeSpan.FromSeconds(10)))
        {
            throw new InvalidOperationException("another order of this table is written to Redis");
        }
        try
        {
            await _json.SetAsync($"order:{order.Id}", "$", order);
            await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("orders"), order.Id);
        }
        finally
        {
            await db.LockReleaseAsync($"lock:{table}", token);
        }
    }

    public async Task<long> Open(int table)
    {
        var result = await _search.SearchAsync("orders", new Query($"@table:[{table} {table}]").Limit(0, 20));
        return result.TotalResults;
    }
}
