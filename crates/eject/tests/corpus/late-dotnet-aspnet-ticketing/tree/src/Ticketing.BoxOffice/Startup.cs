using System;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServiceStack.Redis;
using StackExchange.Redis;
using Ticketing.BoxOffice.Hubs;
using Ticketing.BoxOffice.Services;

namespace Ticketing.BoxOffice
{
    public class Startup
    {
        public Startup(IConfiguration configuration) => Configuration = configuration;

        public IConfiguration Configuration { get; }

        public void ConfigureServices(IServiceCollection services)
        {
            var cache = Configuration.GetConnectionString("RedisCache");

            services.AddControllersWithViews();
            services.AddStackExchangeRedisCache(options => options.Configuration = cache);
            services.AddSession(options =>
            {
                options.IdleTimeout = TimeSpan.FromHours(10);
                options.Cookie.Name = ".till";
            });
            services.AddSignalR()
                .AddStackExchangeRedis(cache, options =>
                {
                    options.Configuration.ChannelPrefix = RedisChannel.Literal("till");
                });
            services.AddSingleton<IRedisClientsManager>(_ => new RedisManagerPool(Configuration["Till:RedisUrl"]));
            services.AddScoped<TillCounter>();
            services.AddScoped<PrinterStatus>();
        }

        public void Configure(IApplicationBuilder app)
        {
            app.UseRouting();
            app.UseSession();
            app.UseEndpoints(endpoints =>
            {
                endpoints.MapDefaultControllerRoute();
                endpoints.MapHub<SeatMapHub>("/seatmap");
            });
        }
    }
}
