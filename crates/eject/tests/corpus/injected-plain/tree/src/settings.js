/** Its `get` and `set` are those of a Map. */
export class Settings {
  values = new Map();

  get(key) {
    return this.values.get(key);
  }

  set(key, value) {
    this.values.set(key, value);
  }
}
