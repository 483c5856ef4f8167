using System.ComponentModel.DataAnnotations;

namespace Stagehand.Infrastructure.Options;

public sealed class RedisOptions
{
    [Required]
    public string InstanceName { get; init; } = "stagehand:";

    [Range(1, 3600)]
    public int HoldSeconds { get; init; } = 480;

    public int MaxHoldsPerBuyer { get; init; } = 8;

    public bool UseBackplane { get; init; } = true;
}
