export async function secretOf(user: string): Promise<string> {
  return Buffer.from(user).toString("base64");
}
