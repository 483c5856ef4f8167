using RedLockNet;

namespace Tickets.Infrastructure.Locks;

internal sealed class RedLockExclusive(IDistributedLockFactory locks, ILogger<RedLockExclusive> logger) : IExclusive
{
    public async Task<bool> RunAsync(string resource, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await using var held = await locks.CreateLockAsync(
            resource,
            expiryTime: TimeSpan.FromSeconds(30),
            waitTime: TimeSpan.FromSeconds(2),
            retryTime: TimeSpan.FromMilliseconds(200),
            cancellationToken);
        if (!held.IsAcquired)
        {
            logger.LogInformation("{Resource} is held by another one in Redis", resource);
            return false;
        }

        await work(cancellationToken);
        return true;
    }
}
