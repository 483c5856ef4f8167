using Microsoft.Extensions.Caching.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Ticketing.Api.Catalog;

public static class CatalogRegistration
{
    public static IServiceCollection AddEventCatalog(this IServiceCollection services, IConfiguration configuration)
    {
        var redis = configuration["Redis:Configuration"];
        services.AddStackExchangeRedisCache(o =>
        {
            o.Configuration = redis;
            o.InstanceName = "tix:hybrid:";
        });
        services.AddHybridCache(o => o.MaximumPayloadBytes = 512 * 1024);
        services.AddFusionCache("venues")
            .WithSerializer(new FusionCacheSystemTextJsonSerializer())
            .WithDistributedCache(new RedisCache(new RedisCacheOptions { Configuration = redis, InstanceName = "tix:venues:" }))
            .WithBackplane(new RedisBackplane(new RedisBackplaneOptions { Configuration = redis }));
        services.AddMemoryCache();
        services.AddSingleton<PriceMemo>();
        services.AddScoped<EventCatalog>();
        return services;
    }
}
