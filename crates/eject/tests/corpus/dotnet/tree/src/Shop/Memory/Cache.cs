using Microsoft.Extensions.Caching.Memory;

namespace Shop.Memory;

public class Cache(IMemoryCache memory)
{
    // StackExchange.Redis was here.
    public string? Get(string key) => memory.Get<string>(key);
}
