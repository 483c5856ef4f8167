using Stagehand.Core.Orders;

namespace Stagehand.Infrastructure.Redis;

internal sealed class OrderStream : IOrderStream
{
    private readonly IConnectionMultiplexer _mux;

    public OrderStream(IConnectionMultiplexer mux) => _mux = mux;

    public async Task AppendAsync(OrderPlaced placed)
    {
        IDatabaseAsync db = _mux.GetDatabase();
        await db.StreamAddAsync(
            RedisKeys.Orders,
            [
                new NameValueEntry("order", placed.OrderId.ToString()),
                new NameValueEntry("event", placed.EventId.ToString()),
                new NameValueEntry("buyer", placed.Buyer),
                new NameValueEntry("total", placed.Total.ToString("0.00")),
            ],
            maxLength: 100_000,
            useApproximateMaxLength: true);
    }
}
