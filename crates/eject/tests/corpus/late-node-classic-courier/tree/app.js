'use strict';

var express = require('express');
var bodyParser = require('body-parser');
var sessions = require('./lib/sessions');
var limiter = require('./lib/limiter');

var app = express();

app.set('trust proxy', 1);
app.use(bodyParser.json());
app.use(sessions());
app.use('/api', limiter('api'));
app.use('/api/parcels', require('./routes/parcels'));
app.use('/api/couriers', require('./routes/couriers'));
app.use('/api/tariffs', require('./routes/tariffs'));
app.use('/health', require('./routes/health'));

app.use(function (err, req, res, next) { // eslint-disable-line no-unused-vars
  res.status(err.status || 500).json({ error: err.message });
});

module.exports = app;
