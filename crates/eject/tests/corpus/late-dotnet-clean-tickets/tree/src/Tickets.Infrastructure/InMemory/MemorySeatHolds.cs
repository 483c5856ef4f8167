using System.Collections.Concurrent;
using Tickets.Domain.Seats;

namespace Tickets.Infrastructure.InMemory;

/// <summary>For a developer who has no Redis at hand.</summary>
internal sealed class MemorySeatHolds : ISeatHolds
{
    private readonly ConcurrentDictionary<SeatId, Guid> _database = new();

    public Task<bool> TakeAsync(SeatId seat, Guid customer, CancellationToken cancellationToken) =>
        Task.FromResult(_database.TryAdd(seat, customer));

    public Task<Guid?> HolderAsync(SeatId seat) =>
        Task.FromResult(_database.TryGetValue(seat, out var holder) ? holder : (Guid?)null);

    public Task ReleaseAsync(SeatId seat, Guid customer)
    {
        _database.TryRemove(new KeyValuePair<SeatId, Guid>(seat, customer));
        return Task.CompletedTask;
    }
}
