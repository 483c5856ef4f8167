using System.Security.Cryptography;

namespace Ticketing.Api.Auth;

public interface IRefreshTokens
{
    Task<string> IssueAsync(string account);
    Task<string?> RedeemAsync(string token);
    Task RevokeAllAsync(string account);
}

internal sealed class RedisRefreshTokens(IConnectionMultiplexer mux) : IRefreshTokens
{
    private IDatabase Db => mux.GetDatabase(1);

    public async Task<string> IssueAsync(string account)
    {
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
        await Db.StringSetAsync($"rt:{token}", account, TimeSpan.FromDays(30));
        await Db.SetAddAsync($"rt:of:{account}", token);
        return token;
    }

    public async Task<string?> RedeemAsync(string token) => await Db.StringGetDeleteAsync($"rt:{token}");

    public async Task RevokeAllAsync(string account)
    {
        var tokens = await Db.SetMembersAsync($"rt:of:{account}");
        await Db.KeyDeleteAsync(tokens.Select(t => (RedisKey)$"rt:{t}").Append($"rt:of:{account}").ToArray());
    }
}
