'use strict';

var http = require('http');
var config = require('config');
var app = require('./app');
var sockets = require('./lib/sockets');
var redis = require('./lib/redis');
var logger = require('./lib/logger')('server');

var server = http.createServer(app);
sockets.attach(server);

server.listen(config.get('port'), function () {
  logger.info('listening on ' + server.address().port);
});

process.on('SIGINT', function () {
  server.close(function () {
    redis.closeAll(function (err) {
      if (err) logger.error(err.message);
      process.exit(err ? 1 : 0);
    });
  });
});
