namespace Stagehand.Infrastructure.Redis;

internal static class Keys
{
    public const string Orders = "orders:placed";
    public static string Seat(Guid eventId, string seat) => $"hold:{{{eventId:N}}}:{seat}";
    public static string Buyer(string buyer) => $"holds-of:{buyer}";
    public static string Quota(string buyer) => $"quota:{buyer}:{DateTime.UtcNow:yyyyMMdd}";
}
