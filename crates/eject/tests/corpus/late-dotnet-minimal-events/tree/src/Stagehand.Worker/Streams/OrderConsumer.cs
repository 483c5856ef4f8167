using MassTransit;
using Stagehand.Worker.Billing;

namespace Stagehand.Worker.Streams;

public sealed class OrderConsumer(IConnectionMultiplexer mux, IServiceScopeFactory scopes, ILogger<OrderConsumer> logger) : BackgroundService
{
    private const string Stream = "orders:placed";
    private const string Group = "billing";
    private readonly string _me = $"{Environment.MachineName}-{Environment.ProcessId}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var db = mux.GetDatabase();
        try
        {
            await db.StreamCreateConsumerGroupAsync(Stream, Group, StreamPosition.Beginning, createStream: true);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            logger.LogDebug("group exists");
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            var claimed = await db.StreamAutoClaimAsync(Stream, Group, _me, minIdleTimeInMs: 60_000, startAtId: "0-0", count: 10);
            foreach (var entry in claimed.ClaimedEntries) await HandleAsync(db, entry);

            var entries = await db.StreamReadGroupAsync(Stream, Group, _me, StreamPosition.NewMessages, count: 20);
            if (entries.Length == 0)
            {
                await Task.Delay(500, stoppingToken);
                continue;
            }

            foreach (var entry in entries) await HandleAsync(db, entry);
        }
    }

    private async Task HandleAsync(IDatabase db, StreamEntry entry)
    {
        await using var scope = scopes.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        await bus.Publish(new InvoiceRequested(Guid.Parse(entry["order"]!), (string)entry["buyer"]!));
        await db.StreamAcknowledgeAsync(Stream, Group, entry.Id);
    }
}
