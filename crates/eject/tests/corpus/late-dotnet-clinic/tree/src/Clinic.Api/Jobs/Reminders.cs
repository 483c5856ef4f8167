namespace Clinic.Api.Jobs;

public sealed class Reminders(ILogger<Reminders> logger)
{
    public Task Send()
    {
        logger.LogInformation("Redis knows who is to be reminded");
        return Task.CompletedTask;
    }
}
