const { client } = require('../../lib/store');

module.exports = function prune() {
  setInterval(() => client.zremrangebyrank('scores', 0, -1001), 86_400_000);
};
