using Microsoft.Extensions.Caching.Memory;

namespace Menu.Api;

public sealed class Prices(IMemoryCache redis)
{
    public decimal Of(string id) => redis.GetOrCreate(id, entry =>
    {
        entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1);
        return 9.50m;
    });
}
