using Microsoft.EntityFrameworkCore;

namespace Menu.Api;

public sealed class Dish
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    public string? RedisKey { get; set; }
}

public sealed class MenuContext(DbContextOptions<MenuContext> options) : DbContext(options)
{
    public DbSet<Dish> Dishes => Set<Dish>();
}
