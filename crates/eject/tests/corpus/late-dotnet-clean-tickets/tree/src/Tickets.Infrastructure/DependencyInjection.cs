using Hangfire;
using Hangfire.Redis.StackExchange;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RedLockNet;
using RedLockNet.SERedis;
using RedLockNet.SERedis.Configuration;
using Tickets.Infrastructure.Holds;
using Tickets.Infrastructure.Locks;
using Tickets.Infrastructure.Options;
using Tickets.Infrastructure.Persistence;
using Tickets.Infrastructure.Waiting;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Tickets.Infrastructure;

public static class DependencyInjection
{
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        var connection = configuration.GetConnectionString("Redis")
            ?? throw new InvalidOperationException("No connection string for Redis.");
        services.AddOptions<RedisOptions>()
            .Bind(configuration.GetSection("Redis"))
            .ValidateDataAnnotations()
            .ValidateOnStart();

        var parsed = ConfigurationOptions.Parse(connection);
        parsed.ClientName = "tickets";
        parsed.AbortOnConnectFail = false;
        var multiplexer = ConnectionMultiplexer.Connect(parsed);
        services.AddSingleton<IConnectionMultiplexer>(multiplexer);

        services.AddStackExchangeRedisCache(options =>
        {
            options.ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(multiplexer);
            options.InstanceName = configuration["Redis:InstanceName"];
        });
        services.AddFusionCache()
            .WithSerializer(new FusionCacheSystemTextJsonSerializer())
            .WithRegisteredDistributedCache()
            .WithBackplane(new RedisBackplane(new RedisBackplaneOptions { Configuration = connection }));

        services.AddDataProtection()
            .SetApplicationName("tickets")
            .PersistKeysToStackExchangeRedis(multiplexer, "tickets:data-protection");

        services.AddHangfire(hangfire => hangfire
            .UseRecommendedSerializerSettings()
            .UseRedisStorage(multiplexer, new RedisStorageOptions { Prefix = "{tickets-jobs}:", Db = 2 }));
        services.AddHangfireServer(server => server.Queues = ["mails", "default"]);

        services.AddSingleton<IDistributedLockFactory>(
            RedLockFactory.Create([new RedLockMultiplexer(multiplexer)]));

        services.AddDbContext<TicketsContext>(options => options.UseNpgsql(configuration.GetConnectionString("Tickets")));
        services.AddSingleton<IExclusive, RedLockExclusive>();
        services.AddSingleton<ISeatHolds, RedisSeatHolds>();
        services.AddSingleton<IWaitingRoom, SortedSetWaitingRoom>();
        return services;
    }
}
