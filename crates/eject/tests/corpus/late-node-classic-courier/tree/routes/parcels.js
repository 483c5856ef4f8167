'use strict';

var router = require('express').Router();
var Parcel = require('../models').Parcel;
var pins = require('../lib/pins');
var queues = require('../lib/queues');
var client = require('../lib/redis').named('default');
var tariffs = require('../lib/tariffs');

router.post('/', async function (req, res, next) {
  try {
    var parcel = await Parcel.create({ km: req.body.km, cents: tariffs.quote(req.body.km, req.body) });
    var pin = await pins.issue(parcel.id);
    await queues.labels.add({ parcel: parcel.id }, { priority: req.body.rush ? 1 : 5 });
    res.status(201).json({ id: parcel.id, cents: parcel.cents, pin: pin });
  } catch (err) {
    next(err);
  }
});

router.post('/:id/delivered', function (req, res, next) {
  pins.redeem(req.params.id, req.body.pin).then(function (ok) {
    if (!ok) return res.status(403).json({ error: 'wrong pin' });
    return Parcel.update({ state: 'delivered' }, { where: { id: req.params.id } }).then(function () {
      client.publish('parcel:' + req.params.id, 'delivered');
      client.hincrby('stats:delivered', new Date().toISOString().slice(0, 10), 1, function (err) {
        if (err) return next(err);
        res.status(204).end();
      });
    });
  }).catch(next);
});

module.exports = router;
