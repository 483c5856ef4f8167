using Clinic.Infrastructure.Locks;
using Clinic.Infrastructure.Presence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RedLockNet;
using RedLockNet.SERedis;
using RedLockNet.SERedis.Configuration;
using StackExchange.Redis;

namespace Clinic.Infrastructure;

public static class DependencyInjection
{
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        var connection = configuration.GetConnectionString("Redis")!;
        services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(connection));
        services.AddStackExchangeRedisCache(options =>
        {
            options.Configuration = connection;
            options.InstanceName = configuration["Redis:InstanceName"];
        });
        services.AddSingleton<IDistributedLockFactory>(provider => RedLockFactory.Create(
            [new RedLockMultiplexer((ConnectionMultiplexer)provider.GetRequiredService<IConnectionMultiplexer>())]));
        services.AddSingleton<Exclusive>();
        services.AddSingleton<WardPresence>();
        return services;
    }
}
