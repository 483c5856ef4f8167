using System.Threading.Tasks;
using Microsoft.AspNetCore.SignalR;

namespace Ticketing.BoxOffice.Hubs
{
    public class SeatMapHub : Hub
    {
        public Task Watch(string show) => Groups.AddToGroupAsync(Context.ConnectionId, show);

        public Task Sold(string show, string seat) => Clients.Group(show).SendAsync("sold", seat);
    }
}
