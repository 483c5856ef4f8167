using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Stagehand.Core.Seats;
using Stagehand.Infrastructure;
using StackExchange.Redis;
using Testcontainers.Redis;
using Xunit;

namespace Stagehand.IntegrationTests;

public sealed class SeatHoldsTests : IAsyncLifetime
{
    private readonly RedisContainer _redis = new RedisBuilder().WithImage("redis:7.4-alpine").Build();
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        await _redis.StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = _redis.GetConnectionString(),
            ["Redis:InstanceName"] = "test:",
        }).Build();
        _services = new ServiceCollection().AddLogging().AddStagehandInfrastructure(configuration).BuildServiceProvider();
    }

    [Fact]
    public async Task A_seat_is_held_once()
    {
        var holds = _services.GetRequiredService<ISeatHolds>();
        var id = Guid.NewGuid();

        Assert.Equal(HoldResult.Held, await holds.HoldAsync(id, "A1", "ada"));
        Assert.Equal(HoldResult.Taken, await holds.HoldAsync(id, "A1", "bob"));

        var db = _services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        Assert.True(await db.KeyTimeToLiveAsync($"hold:{{{id:N}}}:A1") > TimeSpan.Zero);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
