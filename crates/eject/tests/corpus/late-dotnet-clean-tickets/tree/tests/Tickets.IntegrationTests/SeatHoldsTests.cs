using Microsoft.Extensions.Options;
using Tickets.Domain.Seats;
using Tickets.Infrastructure.Holds;
using Tickets.Infrastructure.Options;
using Xunit;

namespace Tickets.IntegrationTests;

public sealed class SeatHoldsTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task The_second_is_turned_away()
    {
        var holds = new RedisSeatHolds(redis.Multiplexer, Options.Create(new RedisOptions()));
        var seat = new SeatId(Guid.NewGuid(), "B", 12);

        Assert.True(await holds.TakeAsync(seat, Guid.NewGuid(), default));
        Assert.False(await holds.TakeAsync(seat, Guid.NewGuid(), default));
        Assert.True(await redis.Multiplexer.GetDatabase().KeyExistsAsync($"hold:{seat}"));
    }
}
