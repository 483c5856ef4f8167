const { client } = require('../lib/store');

module.exports = {
  name: 'score',
  run(user, points) {
    return new Promise((resolve, reject) =>
      client.zincrby('scores', points, user, (error, reply) => (error ? reject(error) : resolve(reply))));
  },
};
