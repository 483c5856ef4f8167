using Hangfire;
using Microsoft.EntityFrameworkCore;
using Stagehand.Core.Orders;
using Stagehand.Infrastructure.Persistence;

namespace Stagehand.Worker.Jobs;

public sealed class NightlyReport(StagehandDbContext db, ILeases leases, IConnectionMultiplexer mux)
{
    [AutomaticRetry(Attempts = 2)]
    public async Task RunAsync(CancellationToken ct)
    {
        await using var lease = await leases.AcquireAsync("nightly-report", TimeSpan.FromMinutes(20));
        if (lease is null) return;

        var yesterday = DateTimeOffset.UtcNow.Date.AddDays(-1);
        var events = await db.Events.CountAsync(e => e.StartsAt >= yesterday, ct);
        var expired = await db.Sessions.Where(s => s.ExpiresAt < DateTimeOffset.UtcNow).ExecuteDeleteAsync(ct);

        var batch = mux.GetDatabase().CreateBatch();
        var writes = new Task[]
        {
            batch.HashSetAsync("report:last", [new HashEntry("events", events), new HashEntry("sessions", expired)]),
            batch.SortedSetIncrementAsync("report:days", $"{yesterday:yyyy-MM-dd}", events),
        };
        batch.Execute();
        await Task.WhenAll(writes);
    }
}
