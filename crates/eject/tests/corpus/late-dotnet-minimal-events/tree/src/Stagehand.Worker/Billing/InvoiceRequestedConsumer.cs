using MassTransit;

namespace Stagehand.Worker.Billing;

public sealed record InvoiceRequested(Guid OrderId, string Buyer);

public sealed class InvoiceRequestedConsumer(ILogger<InvoiceRequestedConsumer> logger) : IConsumer<InvoiceRequested>
{
    public Task Consume(ConsumeContext<InvoiceRequested> context)
    {
        logger.LogInformation("invoice for {Order}, retry {Retry}", context.Message.OrderId, context.GetRetryAttempt());
        return Task.CompletedTask;
    }
}
