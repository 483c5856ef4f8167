import type { Connection } from "./connection";
import type { Queue } from "node-resque";

/** What the process holds. */
export class Api {
  routes: string[] = [];
  port = 3000;
  resque: { queue?: Queue } = {};
  connection?: Connection;
}

export const api = new Api();
