using Microsoft.EntityFrameworkCore;

namespace Clinic.Infrastructure.Data;

public sealed class ClinicContext(DbContextOptions<ClinicContext> options) : DbContext(options)
{
    public DbSet<Patient> Patients => Set<Patient>();
}

public sealed class Patient
{
    public Guid Id { get; set; }
    public string? RedisKey { get; set; }
}
