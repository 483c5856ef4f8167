const assert = require('assert');
const proxyquire = require('proxyquire');
const redisMock = require('redis-mock');

const Cache = proxyquire('../../src/lib/cache', { '../redis': redisMock.createClient() });

describe('cache', () => {
  it('loads once', done => {
    const cache = new Cache('test', 5);
    let loads = 0;
    const load = cb => cb(null, { loads: ++loads });
    cache.wrap('a', load, () => {
      cache.wrap('a', load, (err, value) => {
        assert.deepStrictEqual(value, { loads: 1 });
        done(err);
      });
    });
  });
});
