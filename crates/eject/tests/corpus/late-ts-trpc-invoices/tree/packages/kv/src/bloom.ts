import { getRedis } from "./client";

/** Tried in spring for the e-mail addresses that bounced; nobody asks it now. */
export async function seenBounce(address: string): Promise<boolean> {
  return (await getRedis().call("BF.EXISTS", "bounces", address)) === 1;
}
