const uuid = require('uuid/v4');

module.exports = () => (req, res, next) => {
  req.id = req.get('x-request-id') || uuid();
  res.set('x-request-id', req.id);
  next();
};
