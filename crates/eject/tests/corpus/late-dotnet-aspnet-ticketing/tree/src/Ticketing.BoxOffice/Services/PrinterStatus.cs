using System;
using System.Threading.Tasks;
using Microsoft.Extensions.Caching.Distributed;

namespace Ticketing.BoxOffice.Services
{
    public class PrinterStatus
    {
        private readonly IDistributedCache _cache;

        public PrinterStatus(IDistributedCache cache)
        {
            _cache = cache;
        }

        public Task<string> GetAsync(string printer) => _cache.GetStringAsync("printer:" + printer);

        public Task SetAsync(string printer, string status) =>
            _cache.SetStringAsync("printer:" + printer, status, new DistributedCacheEntryOptions
            {
                AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(2),
            });
    }
}
