using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stagehand.Core.Seats;
using Stagehand.Infrastructure.Options;

namespace Stagehand.Infrastructure.Redis;

internal sealed class RedisSeatHolds : ISeatHolds
{
    // KEYS and ARGV are named by StackExchange's LuaScript
    private static readonly LuaScript Hold = LuaScript.Prepare("""
        if redis.call('EXISTS', @seat) == 1 then
          return redis.call('GET', @seat) == @buyer and 1 or 0
        end
        if redis.call('SCARD', @held) >= tonumber(@max) then return -1 end
        redis.call('SET', @seat, @buyer, 'EX', @ttl)
        redis.call('SADD', @held, @seat)
        redis.call('EXPIRE', @held, @ttl)
        return 1
        """);

    private const string ReleaseScript =
        "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('srem', KEYS[2], KEYS[1]) return redis.call('del', KEYS[1]) else return 0 end";

    private readonly IDatabase _db;
    private readonly RedisOptions _options;
    private readonly SeatFeed _feed;
    private readonly ILogger<RedisSeatHolds> _logger;

    public RedisSeatHolds(IConnectionMultiplexer mux, IOptions<RedisOptions> options, SeatFeed feed, ILogger<RedisSeatHolds> logger)
    {
        _db = mux.GetDatabase();
        _options = options.Value;
        _feed = feed;
        _logger = logger;
    }

    public async Task<HoldResult> HoldAsync(Guid eventId, string seat, string buyer, CancellationToken ct = default)
    {
        var outcome = (int)await _db.ScriptEvaluateAsync(Hold, new
        {
            seat = (RedisKey)RedisKeys.Seat(eventId, seat),
            held = (RedisKey)RedisKeys.Buyer(buyer),
            buyer,
            ttl = _options.HoldSeconds,
            max = _options.MaxHoldsPerBuyer,
        });
        ct.ThrowIfCancellationRequested();

        if (outcome == 1)
        {
            await _feed.AnnounceAsync(eventId, seat, taken: true);
        }

        _logger.LogDebug("redis answered {Outcome} for {Seat}", outcome, seat);
        return outcome switch { 1 => HoldResult.Held, -1 => HoldResult.TooMany, _ => HoldResult.Taken };
    }

    public async Task<bool> ReleaseAsync(Guid eventId, string seat, string buyer)
    {
        var released = (long)await _db.ScriptEvaluateAsync(ReleaseScript, [RedisKeys.Seat(eventId, seat), RedisKeys.Buyer(buyer)], [buyer]);
        if (released == 0) return false;
        await _feed.AnnounceAsync(eventId, seat, taken: false);
        return true;
    }

    public async Task<IReadOnlyList<string>> HeldByAsync(string buyer)
    {
        var members = await _db.SetMembersAsync(RedisKeys.Buyer(buyer));
        return Array.ConvertAll(members, m => m.ToString());
    }
}
