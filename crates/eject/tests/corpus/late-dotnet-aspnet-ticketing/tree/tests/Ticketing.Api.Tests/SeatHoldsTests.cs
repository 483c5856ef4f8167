using StackExchange.Redis;
using Testcontainers.Redis;
using Ticketing.Api.Holds;
using Ticketing.Caching;
using Xunit;

namespace Ticketing.Api.Tests;

public sealed class SeatHoldsTests : IAsyncLifetime
{
    private readonly RedisContainer _redis = new RedisBuilder().WithImage("redis:7.2-alpine").Build();

    public Task InitializeAsync() => _redis.StartAsync();

    public Task DisposeAsync() => _redis.DisposeAsync().AsTask();

    [Fact]
    public async Task A_seat_is_held_once()
    {
        await using var mux = await ConnectionMultiplexer.ConnectAsync(_redis.GetConnectionString());
        var holds = new SeatHolds(new FakeConnection(mux));
        Assert.True(await holds.HoldAsync("s1", "A1", "b1"));
        Assert.False(await holds.HoldAsync("s1", "A1", "b2"));
        Assert.True(await mux.GetDatabase().KeyExistsAsync("hold:s1:A1"));
    }

    private sealed class FakeConnection(IConnectionMultiplexer mux) : IRedisConnection
    {
        public IConnectionMultiplexer Multiplexer => mux;
        public IDatabase Database => mux.GetDatabase();
        public RedisKey Key(params string[] parts) => string.Join(':', parts);
    }
}
