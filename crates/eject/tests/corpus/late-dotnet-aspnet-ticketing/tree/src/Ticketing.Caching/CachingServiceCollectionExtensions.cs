using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Ticketing.Caching;

public static class CachingServiceCollectionExtensions
{
    public static IServiceCollection AddTicketingRedis(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RedisSettings>()
            .Bind(configuration.GetSection(RedisSettings.Section))
            .ValidateDataAnnotations();
        services.AddSingleton<IRedisConnection, RedisConnection>();
        services.AddSingleton<IConnectionMultiplexer>(sp => sp.GetRequiredService<IRedisConnection>().Multiplexer);
        services.AddSingleton<SeatLock>();
        services.AddHealthChecks().AddRedis(sp => sp.GetRequiredService<IConnectionMultiplexer>(), name: "redis", tags: ["ready"]);
        return services;
    }
}
