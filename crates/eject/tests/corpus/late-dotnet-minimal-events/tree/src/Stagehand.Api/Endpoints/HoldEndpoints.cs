using Microsoft.Extensions.Caching.Distributed;
using Stagehand.Core.Orders;
using Stagehand.Core.Seats;

namespace Stagehand.Api.Endpoints;

public sealed record HoldRequest(string Seat, string Buyer);
public sealed record OrderRequest(Guid EventId, string Buyer, string[] Seats, decimal Total);

public static class HoldEndpoints
{
    public static void MapHolds(this IEndpointRouteBuilder app)
    {
        app.MapPut("/events/{id:guid}/holds", async (Guid id, HoldRequest body, ISeatHolds holds, CancellationToken ct) =>
            await holds.HoldAsync(id, body.Seat, body.Buyer, ct) switch
            {
                HoldResult.Held => Results.NoContent(),
                HoldResult.TooMany => Results.StatusCode(StatusCodes.Status429TooManyRequests),
                _ => Results.Conflict(),
            });

        app.MapPost("/orders", async (HttpRequest http, OrderRequest body, IDistributedCache seen, IPurchaseQuota quota, IOrderStream stream) =>
        {
            var idempotency = http.Headers["Idempotency-Key"].ToString();
            if (await seen.GetStringAsync($"idem:{idempotency}") is { } earlier) return Results.Ok(new { id = earlier });
            if (!await quota.TryTakeAsync(body.Buyer, body.Seats.Length)) return Results.StatusCode(429);

            var placed = new OrderPlaced(Guid.NewGuid(), body.EventId, body.Buyer, body.Total);
            await stream.AppendAsync(placed);
            await seen.SetStringAsync($"idem:{idempotency}", placed.OrderId.ToString(),
                new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(1) });
            return Results.Accepted($"/orders/{placed.OrderId}");
        });
    }
}
