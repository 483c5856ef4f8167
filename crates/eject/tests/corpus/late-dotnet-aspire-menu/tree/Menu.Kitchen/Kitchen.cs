using System.Threading.Channels;

namespace Menu.Kitchen;

/// <summary>A queue in memory: what is lost can be cooked again. Was a list of Redis.</summary>
public sealed class Kitchen(ILogger<Kitchen> logger) : BackgroundService
{
    private readonly Channel<string> _orders = Channel.CreateBounded<string>(100);

    public ValueTask Publish(string order) => _orders.Writer.WriteAsync(order);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var order in _orders.Reader.ReadAllAsync(stoppingToken))
        {
            logger.LogInformation("cooks {Order}", order);
        }
    }
}
