using Microsoft.EntityFrameworkCore;
using Stagehand.Infrastructure.Persistence;
using ZiggyCreatures.Caching.Fusion;

namespace Stagehand.Api.Endpoints;

public static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/events").WithTags("events");

        group.MapGet("/{id:guid}", async (Guid id, IFusionCacheProvider caches, StagehandDbContext db, CancellationToken ct) =>
        {
            var cache = caches.GetCache("catalogue");
            var found = await cache.GetOrSetAsync<Event?>(
                $"event:{id:N}",
                async (_, token) => await db.Events.AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, token),
                token: ct);
            return found is null ? Results.NotFound() : Results.Ok(found);
        });

        group.MapGet("/", async (string q, StagehandDbContext db) =>
            await db.Events.Where(e => e.Title.Contains(q)).OrderBy(e => e.StartsAt).Take(50).ToListAsync())
            .RequireRateLimiting("search");
    }
}
