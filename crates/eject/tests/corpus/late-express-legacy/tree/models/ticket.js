'use strict';

var mongoose = require('mongoose');

var schema = new mongoose.Schema({
  event: { type: mongoose.Schema.Types.ObjectId, ref: 'Event', index: true },
  seat: String,
  session: String,
  redisKey: String,
  expires: { type: Date, expires: 0 }
});

module.exports = mongoose.model('Ticket', schema);
