using System.Collections.Concurrent;

namespace Clinic.Infrastructure.Local;

/// <summary>For one process; no Redis.</summary>
public sealed class LocalExclusive
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new();

    public async Task Run(string name, Func<Task> work)
    {
        var one = _locks.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await one.WaitAsync();
        try { await work(); } finally { one.Release(); }
    }
}
