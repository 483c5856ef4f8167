using StackExchange.Redis;
using Xunit;

public class SessionStoreTests
{
    [Fact]
    public void Ends() => Assert.NotNull(ConnectionMultiplexer.Connect("localhost"));
}
