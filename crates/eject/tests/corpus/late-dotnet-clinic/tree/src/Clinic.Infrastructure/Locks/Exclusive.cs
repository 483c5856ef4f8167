using RedLockNet;

namespace Clinic.Infrastructure.Locks;

public sealed class Exclusive(IDistributedLockFactory factory)
{
    public async Task Run(string name, Func<Task> work)
    {
        await using var redLock = await factory.CreateLockAsync(name, TimeSpan.FromSeconds(30));
        if (redLock.IsAcquired)
        {
            await work();
        }
    }
}
