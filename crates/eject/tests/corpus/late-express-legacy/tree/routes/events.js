'use strict';

var router = require('express').Router();
var redis = require('../lib/redis');

router.get('/:id/seats', async function (req, res, next) {
  try {
    var key = 'cache:seats:' + req.params.id;
    var hit = await redis.getAsync(key);
    if (hit) return res.json(JSON.parse(hit));
    var seats = await req.app.locals.seats(req.params.id);
    await redis.setexAsync(key, 15, JSON.stringify(seats));
    res.json(seats);
  } catch (err) {
    next(err);
  }
});

module.exports = router;
