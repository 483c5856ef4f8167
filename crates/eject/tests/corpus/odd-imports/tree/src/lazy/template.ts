export async function byTemplate(name: "redis" | "memory") {
  const { open } = await import(`./drivers/${name}.ts`);
  return open();
}
