export default {
  name: "venues",
  register(server) {
    const venues = server.cache({
      cache: "local",
      segment: "venues",
      expiresIn: 3_600_000,
      generateTimeout: 1_000,
      generateFunc: async (id) => ({ id, client: "none", redis: false }),
    });
    server.route({ method: "GET", path: "/venues/{id}", handler: (request) => venues.get(request.params.id) });
  },
};
