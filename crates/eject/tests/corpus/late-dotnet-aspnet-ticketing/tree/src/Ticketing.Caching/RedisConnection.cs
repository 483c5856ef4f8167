using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Ticketing.Caching;

public interface IRedisConnection
{
    IConnectionMultiplexer Multiplexer { get; }
    IDatabase Database { get; }
    RedisKey Key(params string[] parts);
}

internal sealed class RedisConnection : IRedisConnection, IAsyncDisposable
{
    private readonly Lazy<ConnectionMultiplexer> _lazy;
    private readonly RedisSettings _settings;

    public RedisConnection(IOptions<RedisSettings> options, ILogger<RedisConnection> logger)
    {
        _settings = options.Value;
        _lazy = new Lazy<ConnectionMultiplexer>(() =>
        {
            var configuration = ConfigurationOptions.Parse(_settings.Configuration);
            configuration.AbortOnConnectFail = false;
            configuration.ClientName = AppDomain.CurrentDomain.FriendlyName;
            var mux = ConnectionMultiplexer.Connect(configuration);
            mux.ConnectionFailed += (_, e) => logger.LogError(e.Exception, "redis {EndPoint}: {Type}", e.EndPoint, e.FailureType);
            return mux;
        });
    }

    public IConnectionMultiplexer Multiplexer => _lazy.Value;

    public IDatabase Database => _lazy.Value.GetDatabase(_settings.Database);

    public RedisKey Key(params string[] parts) => _settings.KeyPrefix + string.Join(':', parts);

    public async ValueTask DisposeAsync()
    {
        if (_lazy.IsValueCreated) await _lazy.Value.CloseAsync();
    }
}
