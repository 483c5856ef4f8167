using Microsoft.Extensions.Caching.Memory;

namespace Ticketing.Api.Catalog;

public sealed class PriceMemo(IMemoryCache cache)
{
    public decimal Of(string category) => cache.GetOrCreate(category, entry =>
    {
        entry.SetAbsoluteExpiration(TimeSpan.FromMinutes(1));
        return category == "A" ? 89.00m : 49.00m;
    });
}
