using Microsoft.EntityFrameworkCore;

namespace Stagehand.Infrastructure.Persistence;

public sealed class Session
{
    public Guid Id { get; set; }
    public required string UserId { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public bool MigratedFromRedis { get; set; }
}

public sealed class Event
{
    public Guid Id { get; set; }
    public required string Title { get; set; }
    public DateTimeOffset StartsAt { get; set; }
}

public sealed class StagehandDbContext(DbContextOptions<StagehandDbContext> options) : DbContext(options)
{
    public DbSet<Event> Events => Set<Event>();
    public DbSet<Session> Sessions => Set<Session>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<Session>().ToTable("sessions").HasIndex(s => s.ExpiresAt);
        model.Entity<Event>().HasIndex(e => e.StartsAt);
    }
}
