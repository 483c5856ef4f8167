using Menu.Api.Orders;
using StackExchange.Redis;
using Testcontainers.Redis;

namespace Menu.Api.Tests;

public sealed class BasketsTests : IAsyncLifetime
{
    private readonly RedisContainer _redis = new RedisBuilder().WithImage("redis:7.4").Build();

    public Task InitializeAsync() => _redis.StartAsync();

    public Task DisposeAsync() => _redis.DisposeAsync().AsTask();

    [Fact]
    public async Task A_dish_is_counted()
    {
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(_redis.GetConnectionString());
        var baskets = new Baskets(multiplexer, TimeProvider.System);
        await baskets.Add("b1", "soup", 2);
        Assert.Equal(2, (await baskets.Get("b1"))["soup"]);
        Assert.True(await multiplexer.GetDatabase().KeyExistsAsync("basket:b1"));
    }
}
