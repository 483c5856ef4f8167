using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace Menu.Api;

public sealed class Dishes(HybridCache cache, MenuContext db)
{
    public ValueTask<List<Dish>> All() =>
        cache.GetOrCreateAsync("dishes", async token => await db.Dishes.ToListAsync(token), tags: ["menu"]);

    public async Task Rename(int id, string name)
    {
        var dish = await db.Dishes.FindAsync(id) ?? throw new KeyNotFoundException("neither in Redis nor here");
        dish.Name = name;
        await db.SaveChangesAsync();
        await cache.RemoveByTagAsync("menu");
    }
}
