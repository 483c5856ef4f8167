'use strict';

var router = require('express').Router();
var client = require('../lib/redis').named('default');

router.get('/', function (req, res) {
  if (!client.connected) return res.status(503).json({ redis: 'down' });
  client.ping(function (err, pong) {
    res.status(err ? 503 : 200).json({ redis: pong });
  });
});

module.exports = router;
