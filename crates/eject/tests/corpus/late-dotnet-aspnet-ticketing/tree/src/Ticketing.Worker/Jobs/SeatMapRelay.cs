using StackExchange.Redis;

namespace Ticketing.Worker.Jobs;

public sealed class SeatMapRelay(IConnectionMultiplexer mux, IHttpClientFactory http) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        ISubscriber subscriber = mux.GetSubscriber();
        ChannelMessageQueue messages = await subscriber.SubscribeAsync(RedisChannel.Pattern("seats:*"));
        messages.OnMessage(async m =>
            await http.CreateClient("signage").PostAsJsonAsync("/seatmap", new { channel = m.Channel.ToString(), text = m.Message.ToString() }, ct));
        await Task.Delay(Timeout.Infinite, ct);
    }
}
