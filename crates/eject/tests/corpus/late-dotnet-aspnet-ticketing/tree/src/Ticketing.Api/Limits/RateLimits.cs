using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using RedisRateLimiting;
using RedisRateLimiting.AspNetCore;

namespace Ticketing.Api.Limits;

public static class RateLimits
{
    public static void AddMerchantLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy("merchant", context =>
                RedisRateLimitPartition.GetSlidingWindowRateLimiter(
                    context.Request.Headers["X-Merchant"].ToString(),
                    _ => new RedisSlidingWindowRateLimiterOptions
                    {
                        ConnectionMultiplexerFactory = () => context.RequestServices.GetRequiredService<IConnectionMultiplexer>(),
                        PermitLimit = configuration.GetValue("Limits:PerMinute", 300),
                        Window = TimeSpan.FromMinutes(1),
                    }));
            // Each instance for itself: the search is cheap.
            options.AddFixedWindowLimiter("search", o =>
            {
                o.PermitLimit = 20;
                o.Window = TimeSpan.FromSeconds(1);
            });
            options.OnRejected = (context, _) => RateLimitMetadata.OnRejected(context.HttpContext, context.Lease, default);
        });
    }
}
