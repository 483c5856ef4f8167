using Clinic.Infrastructure.Presence;
using StackExchange.Redis;
using Testcontainers.Redis;
using Xunit;

namespace Clinic.Tests;

public sealed class WardPresenceTests : IAsyncLifetime
{
    private readonly RedisContainer _redis = new RedisBuilder().WithImage("redis:7.4").Build();

    public Task InitializeAsync() => _redis.StartAsync();

    public Task DisposeAsync() => _redis.DisposeAsync().AsTask();

    [Fact]
    public async Task Sees()
    {
        var presence = new WardPresence(await ConnectionMultiplexer.ConnectAsync(_redis.GetConnectionString()));
        await presence.Seen("ada");
        Assert.Equal(["ada"], await presence.Present());
    }
}
