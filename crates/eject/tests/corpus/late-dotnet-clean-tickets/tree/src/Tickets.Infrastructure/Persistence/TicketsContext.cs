using Microsoft.EntityFrameworkCore;
using Tickets.Domain.Seats;

namespace Tickets.Infrastructure.Persistence;

public sealed class TicketsContext(DbContextOptions<TicketsContext> options) : DbContext(options)
{
    public DbSet<Seat> Seats => Set<Seat>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Seat>(seat =>
        {
            seat.HasKey(x => x.Id);
            seat.Property<string?>("HoldKey").HasColumnName("redis_hold_key");
        });
    }
}
