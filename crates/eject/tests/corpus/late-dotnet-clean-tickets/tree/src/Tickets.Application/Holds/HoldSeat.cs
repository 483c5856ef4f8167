using MediatR;
using Tickets.Application.Abstractions;
using Tickets.Domain.Seats;

namespace Tickets.Application.Holds;

public sealed record HoldSeat(SeatId Seat, Guid Customer) : IRequest<HoldResult>;

public enum HoldResult
{
    Held,
    Taken,
}

internal sealed class HoldSeatHandler(ISeatHolds holds) : IRequestHandler<HoldSeat, HoldResult>
{
    public async Task<HoldResult> Handle(HoldSeat request, CancellationToken cancellationToken)
    {
        if (await holds.TakeAsync(request.Seat, request.Customer, cancellationToken))
        {
            return HoldResult.Held;
        }

        return await holds.HolderAsync(request.Seat) == request.Customer ? HoldResult.Held : HoldResult.Taken;
    }
}
