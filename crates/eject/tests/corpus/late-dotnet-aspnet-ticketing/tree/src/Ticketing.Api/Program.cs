using Microsoft.AspNetCore.DataProtection;
using Ticketing.Api.Auth;
using Ticketing.Api.Catalog;
using Ticketing.Api.Holds;
using Ticketing.Api.Limits;
using Ticketing.Api.Messaging;
using Ticketing.Api.WaitingRoom;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddTicketingRedis(builder.Configuration);
builder.Services.AddDbContext<TicketingDb>(o => o.UseSqlServer(builder.Configuration.GetConnectionString("Sql")));
builder.Services.AddEventCatalog(builder.Configuration);
builder.Services.AddMerchantLimits(builder.Configuration);
builder.Services.AddSingleton<SeatHolds>();
builder.Services.AddSingleton<QueueGate>();
builder.Services.AddSingleton<IRefreshTokens, RedisRefreshTokens>();
builder.Services.AddHostedService<OutboxDispatcher>();
builder.Services.AddDataProtection()
    .SetApplicationName("ticketing")
    .PersistKeysToStackExchangeRedis(ConnectionMultiplexer.Connect(builder.Configuration["Redis:Configuration"]!), "dp:keys");

var app = builder.Build();
app.UseRateLimiter();
app.MapHealthChecks("/ready");
app.MapHolds();
app.MapGet("/events/{id:int}", (int id, EventCatalog catalog, CancellationToken ct) => catalog.FindAsync(id, ct));
app.MapPost("/enter/{show}", (string show, QueueGate gate) => gate.EnterAsync(show));
app.Run();

public sealed class TicketingDb(DbContextOptions<TicketingDb> options) : DbContext(options);
