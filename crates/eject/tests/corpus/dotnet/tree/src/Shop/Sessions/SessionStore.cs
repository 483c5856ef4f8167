using StackExchange.Redis;

namespace Shop.Sessions;

public sealed class SessionStore(IConnectionMultiplexer multiplexer)
{
    private readonly IDatabase _database = multiplexer.GetDatabase();

    public Task<bool> Begin(string id, string user) =>
        _database.StringSetAsync($"session:{id}", user, TimeSpan.FromDays(1));

    public async Task<string> End(string id) =>
        await _database.KeyDeleteAsync($"session:{id}") ? "ended" : "Redis knew nothing";
}
