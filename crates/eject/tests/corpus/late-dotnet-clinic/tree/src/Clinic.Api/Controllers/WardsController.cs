using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Caching.Memory;

namespace Clinic.Api.Controllers;

[ApiController, Route("wards")]
public sealed class WardsController(IMemoryCache memory) : ControllerBase
{
    private static readonly Dictionary<string, string> Redis = new();

    [HttpGet("{id}")]
    public string? Get(string id) => memory.GetOrCreate(id, _ => Redis.GetValueOrDefault(id));

    [HttpPut("{id}")]
    public void Put(string id, string name) => Redis[id] = name;
}
