'use strict';

var rateLimit = require('express-rate-limit');

// One process alone counts; a store shared by all is not worth the trouble for an internal API.
module.exports = rateLimit({ windowMs: 60 * 1000, max: 600 });
