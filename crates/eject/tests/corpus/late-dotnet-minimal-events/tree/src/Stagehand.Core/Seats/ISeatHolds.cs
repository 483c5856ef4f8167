namespace Stagehand.Core.Seats;

public enum HoldResult { Held, Taken, TooMany }

/// <summary>Keeps seats for a buyer while they pay. Implemented over Redis in production.</summary>
public interface ISeatHolds
{
    Task<HoldResult> HoldAsync(Guid eventId, string seat, string buyer, CancellationToken ct = default);
    Task<bool> ReleaseAsync(Guid eventId, string seat, string buyer);
    Task<IReadOnlyList<string>> HeldByAsync(string buyer);
}
