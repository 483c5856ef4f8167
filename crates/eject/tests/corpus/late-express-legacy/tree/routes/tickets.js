'use strict';

var router = require('express').Router();
var Ticket = require('../models/ticket');
var client = require('../lib/redis').client;
var jobs = require('../jobs');

router.post('/', function (req, res, next) {
  var key = 'lock:seat:' + req.body.seat;
  client.set(key, req.sessionID, 'NX', 'EX', 120, function (err, ok) {
    if (err) return next(err);
    if (!ok) return res.status(409).json({ error: 'taken' });
    Ticket.create({ event: req.body.event, seat: req.body.seat, session: req.sessionID }, function (err, ticket) {
      if (err) return next(err);
      client.publish('tickets:sold', JSON.stringify({ event: ticket.event, seat: ticket.seat }));
      jobs.sendTicket(ticket, function () { res.status(201).json(ticket); });
    });
  });
});

module.exports = router;
