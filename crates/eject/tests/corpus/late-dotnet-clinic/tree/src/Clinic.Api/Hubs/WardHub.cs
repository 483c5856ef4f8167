using Microsoft.AspNetCore.SignalR;

namespace Clinic.Api.Hubs;

public sealed class WardHub : Hub
{
    public Task Call(string bed) => Clients.Others.SendAsync("called", bed);
}
