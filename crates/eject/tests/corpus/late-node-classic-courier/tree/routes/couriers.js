'use strict';

var express = require('express');
var Tracker = require('../lib/tracker');
var limiter = require('../lib/limiter');
var redis = require('../lib/redis');

var router = express.Router();
var tracker = new Tracker(redis.named('default'));

router.put('/me/position', limiter('positions', { max: 600 }), function (req, res, next) {
  var courier = req.session.courier;
  if (!courier) return res.status(401).end();
  tracker.move(courier, Number(req.body.lon), Number(req.body.lat), function (err) {
    if (err) return next(err);
    res.status(204).end();
  });
});

router.get('/near', function (req, res, next) {
  tracker.near(Number(req.query.lon), Number(req.query.lat), Number(req.query.km) || 3)
    .then(function (found) { res.json(found); }, next);
});

module.exports = router;
