import * as stores from "./stores.js";

export default class Upload {
  /** @type {import('ioredis').Redis} */
  storage;

  constructor(token) {
    this.token = token;
    this.storage = stores.client();
  }

  save(state) {
    if (!this.storage) return;
    this.storage.set(`upload:${this.token}`, JSON.stringify(state), "EX", 3600);
  }
}
