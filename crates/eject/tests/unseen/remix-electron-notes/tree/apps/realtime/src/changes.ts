import { hostname } from "node:os";
import { commandOptions, type RedisClientType } from "redis";
import { CHANGES } from "@notes/shared";

type Tell = (note: string, version: number) => void;

/** One group for each instance, as each has sockets of its own to tell. */
export async function followChanges(client: RedisClientType<any, any, any>, tell: Tell): Promise<never> {
  const group = `realtime-${hostname()}`;
  const reader = client.duplicate();
  await reader.connect();
  await reader.xGroupCreate(CHANGES, group, "$", { MKSTREAM: true }).catch(() => undefined);
  for (;;) {
    const streams = await reader.xReadGroup(
      commandOptions({ isolated: true }),
      group,
      "0",
      { key: CHANGES, id: ">" },
      { BLOCK: 5_000, COUNT: 100 },
    );
    for (const { id, message } of streams?.[0]?.messages ?? []) {
      tell(message.note!, Number(message.version));
      await reader.xAck(CHANGES, group, id);
    }
  }
}
