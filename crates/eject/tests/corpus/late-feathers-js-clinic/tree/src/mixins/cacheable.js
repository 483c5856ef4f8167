const { promisify } = require('util');
const Cache = require('../lib/cache');

/** Mixed into a service: `get` asks the cache first, changes forget. */
module.exports = (namespace, ttl) => Base => class extends Base {
  constructor(...args) {
    super(...args);
    this._cache = new Cache(namespace, ttl);
    this._wrap = promisify(this._cache.wrap);
  }

  get(id, params) {
    if (params.query && params.query.$fresh) return super.get(id, params);
    return this._wrap(id, cb => super.get(id, params).then(v => cb(null, v), cb));
  }

  async patch(id, data, params) {
    const result = await super.patch(id, data, params);
    await this._cache.client.delAsync(this._cache.key(id));
    return result;
  }
};
