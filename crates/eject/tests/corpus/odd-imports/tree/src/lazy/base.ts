export async function viaBase() {
  const { default: Client } = await import("ioredis");
  const client = new Client({ lazyConnect: true });
  return client.ping();
}
