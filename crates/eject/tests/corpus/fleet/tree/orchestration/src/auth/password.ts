export async function verifyPassword(email: string, password: string): Promise<string | undefined> {
  return email && password ? email : undefined;
}
