using System.Threading.RateLimiting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.RateLimiting;
using OpenTelemetry.Trace;
using Serilog;
using Stagehand.Api.Endpoints;
using Stagehand.Api.Hubs;
using Stagehand.Core.Pricing;
using Stagehand.Infrastructure;
using StackExchange.Redis;

var builder = WebApplication.CreateBuilder(args);
builder.Host.UseSerilog((ctx, log) => log.ReadFrom.Configuration(ctx.Configuration));

builder.Services.AddStagehandInfrastructure(builder.Configuration);
builder.Services.AddMemoryCache();
builder.Services.AddSingleton<FeeTable>();

var redis = builder.Configuration.GetConnectionString("Redis")!;

builder.Services
    .AddSignalR(o => o.EnableDetailedErrors = builder.Environment.IsDevelopment())
    .AddStackExchangeRedis(redis, o =>
    {
        o.Configuration.ChannelPrefix = RedisChannel.Literal("stagehand-hub");
        o.Configuration.AbortOnConnectFail = false;
    });
builder.Services.AddHostedService<SeatFeedRelay>();

// keys have to be there before the container is built, so a second connection
builder.Services.AddDataProtection()
    .SetApplicationName("stagehand")
    .PersistKeysToStackExchangeRedis(ConnectionMultiplexer.Connect(redis), "DataProtection-Keys");

// per instance on purpose: this only guards the CPU
builder.Services.AddRateLimiter(limits => limits.AddFixedWindowLimiter("search", o =>
{
    o.PermitLimit = 50;
    o.Window = TimeSpan.FromSeconds(10);
    o.QueueLimit = 5;
    o.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
}));

builder.Services.AddHealthChecks()
    .AddSqlServer(builder.Configuration.GetConnectionString("Sql")!, tags: ["ready"])
    .AddRedis(redis, name: "redis", tags: ["ready"]);

builder.Services.AddOpenTelemetry().WithTracing(t => t
    .AddAspNetCoreInstrumentation());

var app = builder.Build();
app.UseSerilogRequestLogging();
app.UseRateLimiter();
app.MapHealthChecks("/healthz");
app.MapHub<SeatHub>("/hubs/seats");
app.MapEvents();
app.MapHolds();
app.Run();

public partial class Program;
