using Azure.Messaging.ServiceBus;

namespace Ticketing.Api.Messaging;

/// <summary>One instance at a time: SQL Server has the lock.</summary>
public sealed class OutboxDispatcher(IServiceScopeFactory scopes, IConfiguration configuration) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        await using var bus = new ServiceBusClient(configuration.GetConnectionString("ServiceBus"));
        var sender = bus.CreateSender("sold");
        while (!ct.IsCancellationRequested)
        {
            using var scope = scopes.CreateScope();
            var db = scope.ServiceProvider.GetRequiredService<TicketingDb>();
            await db.Database.ExecuteSqlAsync($"exec sp_getapplock @Resource = 'outbox', @LockMode = 'Exclusive', @LockOwner = 'Session'", ct);
            foreach (var body in db.Database.SqlQuery<string>($"delete top (50) from Outbox output deleted.Body"))
                await sender.SendMessageAsync(new ServiceBusMessage(body), ct);
            await Task.Delay(1000, ct);
        }
    }
}
