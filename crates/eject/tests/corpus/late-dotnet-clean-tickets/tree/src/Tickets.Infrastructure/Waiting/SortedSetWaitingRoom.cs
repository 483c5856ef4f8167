namespace Tickets.Infrastructure.Waiting;

internal sealed class SortedSetWaitingRoom(IConnectionMultiplexer multiplexer, TimeProvider time) : IWaitingRoom
{
    private IDatabase Database => multiplexer.GetDatabase();

    public async Task<long> EnterAsync(Guid show, Guid customer)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await Database.SortedSetAddAsync(Key(show), customer.ToString("N"), now, SortedSetWhen.NotExists);
        return await Database.SortedSetRankAsync(Key(show), customer.ToString("N")) ?? -1;
    }

    public async Task<IReadOnlyList<Guid>> AdmitAsync(Guid show, int count)
    {
        var first = await Database.SortedSetPopAsync(Key(show), count);
        return [.. first.Select(entry => Guid.Parse(entry.Element.ToString()))];
    }

    private static string Key(Guid show) => $"waiting:{show:N}";
}
