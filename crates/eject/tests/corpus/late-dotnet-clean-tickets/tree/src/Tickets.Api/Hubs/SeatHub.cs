using Microsoft.AspNetCore.SignalR;

namespace Tickets.Api.Hubs;

public sealed class SeatHub : Hub
{
    public Task Subscribe(Guid show) => Groups.AddToGroupAsync(Context.ConnectionId, show.ToString("N"));

    public Task Unsubscribe(Guid show) => Groups.RemoveFromGroupAsync(Context.ConnectionId, show.ToString("N"));
}
