using Clinic.Api.Hubs;
using Clinic.Infrastructure;
using Hangfire;
using Hangfire.Redis.StackExchange;
using MassTransit;

var builder = WebApplication.CreateBuilder(args);
var redis = builder.Configuration.GetConnectionString("Redis")
    ?? throw new InvalidOperationException("Redis is not configured");

builder.Services.AddInfrastructure(builder.Configuration);
builder.Services.AddSignalR().AddStackExchangeRedis(redis, options =>
{
    options.Configuration.ChannelPrefix = StackExchange.Redis.RedisChannel.Literal("clinic");
});
builder.Services.AddHangfire(config => config.UseRedisStorage(redis, new RedisStorageOptions { Prefix = "hangfire:" }));
builder.Services.AddHangfireServer();
builder.Services.AddHealthChecks()
    .AddNpgSql(builder.Configuration.GetConnectionString("Clinic")!)
    .AddRedis(redis, name: "cache");
builder.Services.AddMassTransit(bus => bus.UsingInMemory((context, configurator) => configurator.ConfigureEndpoints(context)));
builder.Services.AddMemoryCache();
builder.Services.AddControllers();

var app = builder.Build();
app.MapControllers();
app.MapHub<WardHub>("/ward");
app.MapHealthChecks("/health");
app.MapHangfireDashboard();
RecurringJob.AddOrUpdate<Clinic.Api.Jobs.Reminders>("reminders", job => job.Send(), Cron.Hourly);
app.Run();
