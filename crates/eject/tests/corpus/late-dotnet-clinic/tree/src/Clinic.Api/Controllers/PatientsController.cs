using System.Text.Json;
using Clinic.Infrastructure.Locks;
using Clinic.Infrastructure.Presence;
using Hangfire;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Caching.Distributed;

namespace Clinic.Api.Controllers;

[ApiController, Route("patients")]
public sealed class PatientsController(IDistributedCache cache, Exclusive exclusive, WardPresence presence) : ControllerBase
{
    [HttpGet("{id}")]
    public async Task<IActionResult> Get(string id)
    {
        await presence.Seen(User.Identity?.Name ?? "nobody");
        var cached = await cache.GetStringAsync($"patient:{id}");
        if (cached is not null)
        {
            return Ok(JsonSerializer.Deserialize<object>(cached));
        }
        await cache.SetStringAsync($"patient:{id}", "{}", new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(5) });
        return NotFound("Redis is empty");
    }

    [HttpPost("{id}/discharge")]
    public async Task<IActionResult> Discharge(string id)
    {
        await exclusive.Run($"discharge:{id}", () => Task.CompletedTask);
        BackgroundJob.Enqueue<Jobs.Reminders>(job => job.Send());
        return NoContent();
    }
}
