using Hangfire;
using Hangfire.Pro.Redis;
using Ticketing.Caching;
using Ticketing.Worker.Jobs;

var builder = WebApplication.CreateBuilder(args);
var hangfire = builder.Configuration.GetConnectionString("HangfireRedis");

builder.Services.AddTicketingRedis(builder.Configuration);
builder.Services.AddHangfire(config => config
    .UseRecommendedSerializerSettings()
    .UseRedisStorage(hangfire, new RedisStorageOptions { Prefix = "{hangfire}:", InvisibilityTimeout = TimeSpan.FromMinutes(10) }));
builder.Services.AddHangfireServer(o => o.Queues = ["mail", "default"]);
builder.Services.AddHostedService<SeatMapRelay>();
builder.Services.AddTransient<HoldSweeper>();

var app = builder.Build();
app.UseHangfireDashboard("/jobs");
app.Services.GetRequiredService<IRecurringJobManager>().AddOrUpdate<HoldSweeper>("sweep", s => s.SweepAsync(), Cron.Minutely());
app.Run();
