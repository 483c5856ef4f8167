namespace Ticketing.Api.WaitingRoom;

public sealed record Place(long Number, bool MayEnter);

/// <summary>Lets as many into a sale as the sale can bear.</summary>
public sealed class QueueGate
{
    private readonly IDatabase _db;
    private readonly ILogger<QueueGate> _logger;

    public QueueGate(IConnectionMultiplexer mux, ILogger<QueueGate> logger)
    {
        _db = mux.GetDatabase();
        _logger = logger;
    }

    public async Task<Place> EnterAsync(string show)
    {
        RedisKey key = $"gate:{show}";
        var number = await _db.HashIncrementAsync(key, "taken");
        var admitted = (long)await _db.HashGetAsync(key, "admitted");
        if (number == 1) _ = _db.KeyExpireAsync(key, TimeSpan.FromHours(12), CommandFlags.FireAndForget);
        if (number % 1000 == 0) _logger.LogInformation("{Number} wait for {Show}", number, show);
        return new Place(number, number <= admitted);
    }

    public Task AdmitAsync(string show, int more)
    {
        var tran = _db.CreateTransaction();
        tran.AddCondition(Condition.HashExists($"gate:{show}", "taken"));
        _ = tran.HashIncrementAsync($"gate:{show}", "admitted", more);
        return tran.ExecuteAsync();
    }
}
