using Tickets.Domain.Seats;
using Xunit;

namespace Tickets.UnitTests;

public sealed class SeatTests
{
    [Fact]
    public void A_sold_seat_is_not_sold_again()
    {
        var seat = new Seat { Id = new SeatId(Guid.NewGuid(), "A", 4) };
        seat.Sell(Guid.NewGuid());

        Assert.Throws<InvalidOperationException>(() => seat.Sell(Guid.NewGuid()));
    }
}
