export default defineEventHandler(async (event) => {
  const carts = useStorage("carts");
  const id = getCookie(event, "cart");
  return (id && (await carts.getItem(id))) || { lines: [] };
});
