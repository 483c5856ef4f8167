'use strict';

var router = require('express').Router();
var tariffs = require('../lib/tariffs');

router.get('/', function (req, res) {
  res.json({ cents: tariffs.quote(Number(req.query.km), { rush: req.query.rush === '1' }) });
});

module.exports = router;
