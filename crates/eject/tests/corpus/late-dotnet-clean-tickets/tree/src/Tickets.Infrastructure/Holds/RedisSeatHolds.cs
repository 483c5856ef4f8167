using Tickets.Domain.Seats;
using Tickets.Infrastructure.Options;

namespace Tickets.Infrastructure.Holds;

internal sealed class RedisSeatHolds : ISeatHolds
{
    private const string ReleaseScript =
        """
        if redis.call('GET', KEYS[1]) == ARGV[1] then
            return redis.call('DEL', KEYS[1])
        end
        return 0
        """;

    private readonly IDatabase _database;
    private readonly ISubscriber _subscriber;
    private readonly TimeSpan _holdFor;

    public RedisSeatHolds(IConnectionMultiplexer multiplexer, IOptions<RedisOptions> options)
    {
        _database = multiplexer.GetDatabase(options.Value.HoldsDatabase);
        _subscriber = multiplexer.GetSubscriber();
        _holdFor = options.Value.HoldFor;
    }

    public async Task<bool> TakeAsync(SeatId seat, Guid customer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!await _database.StringSetAsync(Key(seat), customer.ToString("N"), _holdFor, When.NotExists))
        {
            return false;
        }

        var transaction = _database.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists(Key(seat)));
        _ = transaction.SetAddAsync($"holds:{seat.Show:N}", seat.ToString());
        _ = transaction.KeyExpireAsync($"holds:{seat.Show:N}", TimeSpan.FromDays(1));
        if (await transaction.ExecuteAsync())
        {
            await _subscriber.PublishAsync(RedisChannel.Literal($"seats:{seat.Show:N}"), seat.ToString());
        }

        return true;
    }

    public async Task<Guid?> HolderAsync(SeatId seat)
    {
        var value = await _database.StringGetAsync(Key(seat));
        return Guid.TryParse(value, out var holder) ? holder : null;
    }

    public async Task ReleaseAsync(SeatId seat, Guid customer)
    {
        var released = (long)await _database.ScriptEvaluateAsync(
            ReleaseScript,
            [Key(seat)],
            [customer.ToString("N")]);
        if (released == 1)
        {
            await _database.SetRemoveAsync($"holds:{seat.Show:N}", seat.ToString());
        }
    }

    private static string Key(SeatId seat) => $"hold:{seat}";
}
