using System.ComponentModel.DataAnnotations;

namespace Tickets.Infrastructure.Options;

public sealed class RedisOptions
{
    [Required]
    public string InstanceName { get; init; } = "";

    [Range(0, 15)]
    public int HoldsDatabase { get; init; }

    public TimeSpan HoldFor { get; init; } = TimeSpan.FromMinutes(8);
}
