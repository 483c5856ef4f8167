global using Microsoft.EntityFrameworkCore;
global using StackExchange.Redis;
global using Ticketing.Caching;
