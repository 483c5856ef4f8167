using Microsoft.Extensions.Caching.Memory;

namespace Stagehand.Core.Pricing;

/// <summary>Fees change twice a year; a copy in each process is enough, no need for Redis here.</summary>
public sealed class FeeTable(IMemoryCache cache, Func<string, Task<decimal>> load)
{
    public async Task<decimal> ForAsync(string country)
    {
        return await cache.GetOrCreateAsync($"fee:{country}", entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(6);
            return load(country);
        });
    }

    public void Forget(string country) => cache.Remove($"fee:{country}");
}
