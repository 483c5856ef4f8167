using Microsoft.AspNetCore.SignalR;
using Stagehand.Infrastructure.Redis;

namespace Stagehand.Api.Hubs;

public sealed class SeatHub : Hub
{
    public Task Watch(Guid eventId) => Groups.AddToGroupAsync(Context.ConnectionId, eventId.ToString("N"));
}

/// <summary>Brings what the feed tells to the browsers.</summary>
public sealed class SeatFeedRelay(SeatFeed feed, IHubContext<SeatHub> hub) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in feed.ListenAsync(stoppingToken))
        {
            await hub.Clients.Group(change.EventId.ToString("N")).SendAsync("seat", change.Seat, change.Taken, stoppingToken);
        }
    }
}
