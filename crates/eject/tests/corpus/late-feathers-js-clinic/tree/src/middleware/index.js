const session = require('./session');
const limits = require('./limits');
const requestId = require('./request-id');

module.exports = function (app) {
  app.use(requestId());
  app.configure(session);
  app.configure(limits);
};
