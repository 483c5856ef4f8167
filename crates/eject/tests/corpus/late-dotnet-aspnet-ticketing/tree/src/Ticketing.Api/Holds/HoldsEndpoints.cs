namespace Ticketing.Api.Holds;

public static class HoldsEndpoints
{
    public static void MapHolds(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/shows/{show}/seats").RequireRateLimiting("merchant");

        group.MapPost("/{seat}/hold", async (string show, string seat, string basket, SeatHolds holds, SeatLock locks, CancellationToken ct) =>
        {
            await using var held = await locks.TryAsync(show, seat, ct);
            if (held is null || !await holds.HoldAsync(show, seat, basket)) return Results.Conflict();
            return Results.NoContent();
        });
        group.MapDelete("/{seat}/hold", async (string show, string seat, string basket, SeatHolds holds) =>
            await holds.ReleaseAsync(show, seat, basket) ? Results.NoContent() : Results.NotFound());
        group.MapGet("/held", (string show, SeatHolds holds) => holds.HeldAsync(show));
    }
}
