using System.ComponentModel.DataAnnotations;

namespace Ticketing.Caching;

/// <summary>The section <c>Redis</c>.</summary>
public sealed class RedisSettings
{
    public const string Section = "Redis";

    [Required]
    public string Configuration { get; set; } = "localhost:6379";

    public string KeyPrefix { get; set; } = "tix:";

    [Range(-1, 15)]
    public int Database { get; set; } = -1;
}
