using Microsoft.Extensions.Caching.Hybrid;
using ZiggyCreatures.Caching.Fusion;

namespace Ticketing.Api.Catalog;

public sealed record EventDto(int Id, string Title, string Venue);

public sealed class EventCatalog(HybridCache cache, IFusionCacheProvider caches, TicketingDb db)
{
    private readonly IFusionCache _venues = caches.GetCache("venues");

    public async Task<EventDto?> FindAsync(int id, CancellationToken ct) =>
        await cache.GetOrCreateAsync($"event:{id}", async token =>
            await db.Database.SqlQuery<EventDto>($"select Id, Title, Venue from Events where Id = {id}").SingleOrDefaultAsync(token),
            cancellationToken: ct);

    public ValueTask<string[]> SeatsAsync(int venue) =>
        _venues.GetOrSetAsync<string[]>($"seats:{venue}", _ => LoadSeats(venue), TimeSpan.FromHours(4));

    private string[] LoadSeats(int venue) =>
        db.Database.SqlQuery<string>($"select Label from Seats where VenueId = {venue}").ToArray();
}
