import { config } from "./config.js";

/** @type {import('ioredis').Redis} */
let main;

export function connect({ url }) {
  main ??= new config.stores.konstructor(url ?? config.stores.args[0]);
  main.on("error", console.error);
  return { main, subscriber: main.duplicate() };
}

export const client = () => main;
