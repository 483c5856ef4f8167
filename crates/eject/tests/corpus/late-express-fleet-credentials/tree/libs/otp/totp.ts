import { authenticator } from "otplib";
import { kv, slug } from "@libs/kv";
import { limiter } from "@libs/limits";

const byDriver = limiter("totp", 5, 300, { blockDuration: 1800 });
const byIp = limiter("totp-ip", 40, 300);

export async function check(driver: { id: string; totpSecret: string }, code: string, ip: string): Promise<boolean> {
  await Promise.all([byDriver.consume(driver.id), byIp.consume(ip)]);
  const step = Math.floor(Date.now() / 30_000);
  if (!authenticator.check(code, driver.totpSecret)) return false;
  const first = await kv().set(slug("totp", driver.id, String(step)), "1", "PX", 90_000, "NX");
  if (first !== "OK") return false;
  await byDriver.delete(driver.id);
  return true;
}
