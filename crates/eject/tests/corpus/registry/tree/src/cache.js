import * as stores from "./stores.js";

const redis = () => stores.client();

export const cache = {
  async load(key) {
    const found = await redis().get(`cache:${key}`);
    return found && JSON.parse(found);
  },
  async save(key, value) {
    await redis().set(`cache:${key}`, JSON.stringify(value));
    await redis().pexpire(`cache:${key}`, 1000);
  },
};
