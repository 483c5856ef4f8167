namespace Stagehand.Core.Orders;

public sealed record OrderPlaced(Guid OrderId, Guid EventId, string Buyer, decimal Total);

public interface IOrderStream
{
    Task AppendAsync(OrderPlaced placed);
}

public interface IPurchaseQuota
{
    Task<bool> TryTakeAsync(string buyer, int tickets);
}

public interface ILeases
{
    Task<IAsyncDisposable?> AcquireAsync(string name, TimeSpan ttl);
}
