import { authenticator } from "otplib";
import { assertAllowed, recordFailure, reset } from "./totpLimiter";
import { secretOf } from "./secrets";

export async function checkTotp(user: string, code: string): Promise<boolean> {
  await assertAllowed(user);
  if (authenticator.check(code, await secretOf(user))) {
    await reset(user);
    return true;
  }
  await recordFailure(user);
  return false;
}
