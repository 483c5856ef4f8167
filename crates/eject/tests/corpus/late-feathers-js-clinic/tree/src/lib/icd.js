const _ = require('lodash');
const NodeCache = require('node-cache');

const cache = new NodeCache({ stdTTL: 3600, checkperiod: 600 });

// codes change once a year
const chapters = _.memoize(version => require(`../../data/icd-${version}.json`));

module.exports = function title(version, code) {
  const key = `${version}:${code}`;
  let found = cache.get(key);
  if (!found) {
    found = _.get(_.find(chapters(version), { code }), 'title', null);
    cache.set(key, found);
  }
  return found;
};

module.exports.flush = () => cache.flushAll();
