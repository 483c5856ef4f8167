namespace Tickets.Domain.Seats;

public sealed record SeatId(Guid Show, string Row, int Number)
{
    public override string ToString() => $"{Show:N}/{Row}{Number}";
}

public sealed class Seat
{
    public required SeatId Id { get; init; }
    public SeatState State { get; private set; } = SeatState.Free;
    public Guid? Holder { get; private set; }

    /// <summary>The hold itself is in Redis; this is what is sold.</summary>
    public void Sell(Guid buyer)
    {
        if (State == SeatState.Sold)
        {
            throw new InvalidOperationException($"Seat {Id} is sold.");
        }

        State = SeatState.Sold;
        Holder = buyer;
    }
}

public enum SeatState
{
    Free,
    Sold,
}
