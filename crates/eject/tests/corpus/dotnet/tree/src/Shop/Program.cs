using Microsoft.AspNetCore.DataProtection;
using Shop.Sessions;
using Shop.Text;
using StackExchange.Redis;

var builder = WebApplication.CreateBuilder(args);
var redis = ConnectionMultiplexer.Connect(builder.Configuration.GetConnectionString("Redis")!);
builder.Services.AddSingleton<IConnectionMultiplexer>(redis);
builder.Services.AddStackExchangeRedisCache(options => options.Configuration = "localhost:6379");
builder.Services.AddDataProtection().PersistKeysToStackExchangeRedis(redis, "keys");
builder.Services.AddSingleton<SessionStore>();

var app = builder.Build();
app.MapPost("/logout/{id}", async (string id, SessionStore sessions) => Titles.Of(await sessions.End(id)));
app.Run();
