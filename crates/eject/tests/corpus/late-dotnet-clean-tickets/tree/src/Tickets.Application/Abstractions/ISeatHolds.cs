using Tickets.Domain.Seats;

namespace Tickets.Application.Abstractions;

public interface ISeatHolds
{
    Task<bool> TakeAsync(SeatId seat, Guid customer, CancellationToken cancellationToken);
    Task<Guid?> HolderAsync(SeatId seat);
    Task ReleaseAsync(SeatId seat, Guid customer);
}

public interface IExclusive
{
    Task<bool> RunAsync(string resource, Func<CancellationToken, Task> work, CancellationToken cancellationToken);
}

public interface IWaitingRoom
{
    Task<long> EnterAsync(Guid show, Guid customer);
    Task<IReadOnlyList<Guid>> AdmitAsync(Guid show, int count);
}
