using Menu.Api;
using Menu.Api.Orders;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;

var builder = WebApplication.CreateBuilder(args);

builder.AddRedisClient("cache", settings => settings.DisableTracing = false);
builder.AddKeyedRedisClient("sessions");
builder.AddRedisDistributedCache("cache");
builder.AddRedisOutputCache("cache");
builder.Services.AddHybridCache(options => options.MaximumPayloadBytes = 1 << 20);
builder.Services.AddFusionCache()
    .WithRegisteredDistributedCache()
    .WithBackplane(new RedisBackplane(new RedisBackplaneOptions { Configuration = builder.Configuration.GetConnectionString("cache") }));
builder.Services.AddDataProtection()
    .PersistKeysToStackExchangeRedis(ConnectionMultiplexer.Connect("localhost:6379,password=hunter2Keyshunter2"), "menu-keys");
builder.Services.AddMemoryCache();
builder.Services.AddRateLimiter(limits => limits.AddFixedWindowLimiter("orders", options => options.PermitLimit = 10));
builder.Services.AddDbContext<MenuContext>(options => options.UseNpgsql(builder.Configuration.GetConnectionString("menu")));
builder.Services.AddSingleton<Baskets>();
builder.Services.AddScoped<OrderBook>();
builder.Services.AddScoped<Dishes>();
builder.Services.AddSingleton<Prices>();

var app = builder.Build();
app.UseRateLimiter();
app.UseOutputCache();

app.MapGet("/dishes", (Dishes dishes) => dishes.All()).CacheOutput(policy => policy.Expire(TimeSpan.FromSeconds(30)));
app.MapGet("/prices/{id}", (string id, Prices prices) => prices.Of(id));
app.MapGet("/baskets/{id}", (string id, Baskets baskets) => baskets.Get(id));
app.MapPut("/baskets/{id}/{dish}", (string id, string dish, int quantity, Baskets baskets) => baskets.Add(id, dish, quantity));
app.MapPost("/orders", (Order order, OrderBook book) => book.Place(order)).RequireRateLimiting("orders");
app.MapGet("/healthz/cache", async (IConnectionMultiplexer redis) => await redis.GetDatabase().PingAsync());

app.Run();
