export default defineCachedEventHandler(
  async () => $fetch("https://catalogue.example/products"),
  { maxAge: 600, swr: true, getKey: (event) => event.path },
);
