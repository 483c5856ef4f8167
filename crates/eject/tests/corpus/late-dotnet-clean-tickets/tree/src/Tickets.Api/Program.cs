using Hangfire;
using MediatR;
using StackExchange.Redis;
using Tickets.Api.Feeds;
using Tickets.Api.Hubs;
using Tickets.Application.Holds;
using Tickets.Application.Shows;
using Tickets.Domain.Seats;
using Tickets.Infrastructure;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddInfrastructure(builder.Configuration);
builder.Services.AddMediatR(options => options.RegisterServicesFromAssemblyContaining<HoldSeat>());
builder.Services.AddHostedService<SeatFeed>();
builder.Services
    .AddSignalR(options => options.EnableDetailedErrors = builder.Environment.IsDevelopment())
    .AddStackExchangeRedis(options =>
    {
        options.Configuration.ChannelPrefix = RedisChannel.Literal("tickets-hubs");
        options.ConnectionFactory = async writer =>
            await ConnectionMultiplexer.ConnectAsync(builder.Configuration.GetConnectionString("Redis")!, writer);
    });
builder.Services.AddHealthChecks()
    .AddNpgSql(builder.Configuration.GetConnectionString("Tickets")!)
    .AddRedis(services => services.GetRequiredService<IConnectionMultiplexer>(), tags: ["ready"]);

var app = builder.Build();

app.MapHealthChecks("/health");
app.MapHub<SeatHub>("/hubs/seats");
app.MapHangfireDashboard("/jobs");
app.MapGet("/shows/{id:guid}", async (Guid id, ISender sender) =>
    await sender.Send(new GetShow(id)) is { } show ? Results.Ok(show) : Results.NotFound());
app.MapPost("/shows/{show:guid}/seats/{row}/{number:int}/hold",
    async (Guid show, string row, int number, Guid customer, ISender sender, IBackgroundJobClient jobs) =>
    {
        var result = await sender.Send(new HoldSeat(new SeatId(show, row, number), customer));
        if (result == HoldResult.Taken)
        {
            return Results.Conflict(new { message = "This seat is held (see Redis key hold:*)." });
        }

        jobs.Schedule<Reminder>(reminder => reminder.SendAsync(customer), TimeSpan.FromMinutes(5));
        return Results.Accepted();
    });

app.Run();

public sealed class Reminder(ILogger<Reminder> logger)
{
    public Task SendAsync(Guid customer)
    {
        logger.LogInformation("Reminds {Customer} of the hold", customer);
        return Task.CompletedTask;
    }
}

public partial class Program;
