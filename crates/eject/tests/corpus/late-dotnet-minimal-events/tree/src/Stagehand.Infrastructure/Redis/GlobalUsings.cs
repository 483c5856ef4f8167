global using StackExchange.Redis;
global using RedisKeys = Stagehand.Infrastructure.Redis.Keys;
