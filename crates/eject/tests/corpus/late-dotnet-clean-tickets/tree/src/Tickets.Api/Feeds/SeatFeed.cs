using Microsoft.AspNetCore.SignalR;
using StackExchange.Redis;
using Tickets.Api.Hubs;

namespace Tickets.Api.Feeds;

public sealed class SeatFeed(IConnectionMultiplexer multiplexer, IHubContext<SeatHub> hub) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queue = await multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Pattern("seats:*"));
        try
        {
            await foreach (var message in queue.WithCancellation(stoppingToken))
            {
                var show = message.Channel.ToString()["seats:".Length..];
                await hub.Clients.Group(show).SendAsync("held", message.Message.ToString(), stoppingToken);
            }
        }
        finally
        {
            await queue.UnsubscribeAsync();
        }
    }
}
