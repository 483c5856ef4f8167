import { mutex } from "~store/mutex";
import { kv as store } from "#store";
import { viaBase } from "lazy/base";
import { byTemplate } from "./lazy/template";
import { required } from "./lazy/required";
import { assigned } from "./lazy/assigned";

export async function main() {
  await store.incrby("runs", 1);
  const { aliased } = await import("./lazy/aliased");
  return [aliased, await viaBase(), await byTemplate("redis"), required, assigned, mutex];
}
