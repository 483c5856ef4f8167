using MediatR;
using ZiggyCreatures.Caching.Fusion;

namespace Tickets.Application.Shows;

public sealed record ShowDto(Guid Id, string Title, DateTimeOffset Starts, int FreeSeats);

public interface IShowReader
{
    Task<ShowDto?> ReadAsync(Guid id, CancellationToken cancellationToken);
}

public sealed record GetShow(Guid Id) : IRequest<ShowDto?>;

internal sealed class GetShowHandler(IFusionCache cache, IShowReader reader) : IRequestHandler<GetShow, ShowDto?>
{
    public async Task<ShowDto?> Handle(GetShow request, CancellationToken cancellationToken) =>
        await cache.GetOrSetAsync<ShowDto?>(
            $"show:{request.Id}",
            (_, token) => reader.ReadAsync(request.Id, token),
            options => options.SetDuration(TimeSpan.FromMinutes(2)).SetFailSafe(true),
            token: cancellationToken);
}
