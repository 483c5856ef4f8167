'use strict';

var http = require('http');
var config = require('config');
var mongoose = require('mongoose');
var app = require('./app');
var sockets = require('./lib/sockets');
var log = require('./lib/log');

mongoose.connect(config.get('mongo.uri'), { useNewUrlParser: true });

var server = http.createServer(app);
sockets.attach(server);

server.listen(config.get('port'), function () {
  log.info('listening on %d', config.get('port'));
});
