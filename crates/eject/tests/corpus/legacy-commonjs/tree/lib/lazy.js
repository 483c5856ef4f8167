var client;

module.exports = function lazy() {
  if (!client) {
    var r = 'async-redis';
    client = require(r).createClient(process.env.REDISTOGO_URL);
  }
  return client;
};
