using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Stagehand.Infrastructure.Redis;

public sealed record SeatChanged(Guid EventId, string Seat, bool Taken);

public sealed class SeatFeed(IConnectionMultiplexer mux)
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("seats:changed");

    public Task AnnounceAsync(Guid eventId, string seat, bool taken) =>
        mux.GetSubscriber().PublishAsync(Channel, JsonSerializer.Serialize(new SeatChanged(eventId, seat, taken)));

    public async IAsyncEnumerable<SeatChanged> ListenAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var messages = await mux.GetSubscriber().SubscribeAsync(Channel);
        try
        {
            while (!ct.IsCancellationRequested)
            {
                var message = await messages.ReadAsync(ct);
                if (JsonSerializer.Deserialize<SeatChanged>((string)message.Message!) is { } change) yield return change;
            }
        }
        finally
        {
            await messages.UnsubscribeAsync();
        }
    }
}
