var builder = DistributedApplication.CreateBuilder(args);

var cache = builder.AddRedis("cache")
    .WithRedisInsight()
    .WithDataVolume()
    .WithPersistence(TimeSpan.FromMinutes(5), 100);
var sessions = builder.AddValkey("sessions");
var db = builder.AddPostgres("pg").AddDatabase("menu");

builder.AddProject<Projects.Menu_Api>("api")
    .WithReference(cache).WaitFor(cache)
    .WithReference(sessions)
    .WithReference(db);

builder.AddProject<Projects.Menu_Kitchen>("kitchen")
    .WithReference(db);

builder.Build().Run();
