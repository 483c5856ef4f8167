using Hangfire;
using Hangfire.Redis.StackExchange;
using MassTransit;
using Stagehand.Infrastructure;
using Stagehand.Worker.Billing;
using Stagehand.Worker.Jobs;
using Stagehand.Worker.Streams;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddStagehandInfrastructure(builder.Configuration);
builder.Services.AddHostedService<OrderConsumer>();
builder.Services.AddTransient<NightlyReport>();

builder.Services.AddHangfire((provider, config) => config
    .UseSimpleAssemblyNameTypeSerializer()
    .UseRecommendedSerializerSettings()
    .UseRedisStorage(provider.GetRequiredService<IConnectionMultiplexer>() as ConnectionMultiplexer, new RedisStorageOptions
    {
        Prefix = "{hangfire}:",
        Db = 1,
        InvisibilityTimeout = TimeSpan.FromMinutes(30),
    }));
builder.Services.AddHangfireServer(o => o.Queues = ["default", "reports"]);

// invoices leave by the company's broker
builder.Services.AddMassTransit(bus =>
{
    bus.AddConsumer<InvoiceRequestedConsumer>();
    bus.AddInMemoryInboxOutbox();
    bus.UsingRabbitMq((context, rabbit) =>
    {
        rabbit.Host(builder.Configuration["Bus:Host"] ?? "localhost");
        rabbit.ConfigureEndpoints(context);
    });
});

var app = builder.Build();
app.MapHangfireDashboard("/jobs");

RecurringJob.AddOrUpdate<NightlyReport>("nightly-report", "reports", job => job.RunAsync(CancellationToken.None), Cron.Daily(3));
app.Run();
