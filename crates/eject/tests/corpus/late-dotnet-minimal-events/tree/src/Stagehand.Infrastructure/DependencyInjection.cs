using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Stagehand.Core.Orders;
using Stagehand.Core.Seats;
using Stagehand.Infrastructure.Options;
using Stagehand.Infrastructure.Persistence;
using Stagehand.Infrastructure.Redis;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Stagehand.Infrastructure;

public static class DependencyInjection
{
    public static IServiceCollection AddStagehandInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RedisOptions>()
            .Bind(configuration.GetSection("Redis"))
            .ValidateDataAnnotations()
            .ValidateOnStart();

        services.AddDbContext<StagehandDbContext>(o => o.UseSqlServer(configuration.GetConnectionString("Sql")));

        var redis = configuration.GetConnectionString("Redis")
            ?? throw new InvalidOperationException("ConnectionStrings:Redis is missing");

        services.AddSingleton<IConnectionMultiplexer>(_ =>
        {
            var options = ConfigurationOptions.Parse(redis);
            options.ClientName = Environment.MachineName;
            options.ReconnectRetryPolicy = new ExponentialRetry(250, 10_000);
            return ConnectionMultiplexer.Connect(options);
        });

        services.AddStackExchangeRedisCache(o =>
        {
            o.Configuration = redis;
            o.InstanceName = configuration["Redis:InstanceName"];
        });

        services.AddFusionCache("catalogue")
            .WithOptions(o => o.DistributedCacheCircuitBreakerDuration = TimeSpan.FromSeconds(2))
            .WithDefaultEntryOptions(new FusionCacheEntryOptions(TimeSpan.FromMinutes(2)) { IsFailSafeEnabled = true })
            .WithSerializer(new FusionCacheSystemTextJsonSerializer())
            .WithDistributedCache(new RedisCache(new RedisCacheOptions { Configuration = redis, InstanceName = "fc:" }))
            .WithBackplane(new RedisBackplane(new RedisBackplaneOptions { Configuration = redis }));

        services.AddSingleton<ISeatHolds, RedisSeatHolds>();
        services.AddSingleton<IOrderStream, OrderStream>();
        services.AddSingleton<IPurchaseQuota, PurchaseQuota>();
        services.AddSingleton<ILeases, Leases>();
        services.AddSingleton<SeatFeed>();
        return services;
    }
}
