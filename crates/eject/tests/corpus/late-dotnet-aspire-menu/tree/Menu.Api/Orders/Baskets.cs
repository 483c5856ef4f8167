using StackExchange.Redis;

namespace Menu.Api.Orders;

public sealed record Baskets([FromKeyedServices("sessions")] IConnectionMultiplexer Sessions, TimeProvider Clock)
{
    private IDatabase Db => Sessions.GetDatabase();

    public async Task<Dictionary<string, int>> Get(string id)
    {
        var entries = await Db.HashGetAllAsync(Key(id));
        return entries.ToDictionary(e => e.Name.ToString(), e => (int)e.Value);
    }

    public async Task Add(string id, string dish, int quantity)
    {
        var transaction = Db.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists(Key(id)));
        _ = transaction.HashIncrementAsync(Key(id), dish, quantity);
        _ = transaction.KeyExpireAsync(Key(id), TimeSpan.FromHours(2));
        if (!await transaction.ExecuteAsync())
        {
            await Db.HashSetAsync(Key(id), [new HashEntry(dish, quantity)]);
        }
    }

    private static RedisKey Key(string id) => $"basket:{id}";
}
