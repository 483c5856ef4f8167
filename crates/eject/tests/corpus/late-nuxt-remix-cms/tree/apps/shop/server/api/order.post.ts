export default defineEventHandler(async (event) => {
  const { sku, quantity } = await readBody(event);
  if (!(await takeStock(sku, quantity))) throw createError({ statusCode: 409, message: "Redis says that it is gone" });
  return { ok: true, rate: await rate("USD") };
});
