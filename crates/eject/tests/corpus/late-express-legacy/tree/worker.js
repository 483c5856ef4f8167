'use strict';

var jobs = require('./jobs');
var log = require('./lib/log');

jobs.pdf.process(2, function (job, done) {
  log.info('pdf %s', job.data.ticket);
  done();
});

jobs.kue.process('mail', 10, function (job, done) {
  log.info('mail %s', job.data.ticket);
  done();
});

process.once('SIGTERM', function () {
  jobs.kue.shutdown(5000, function () { process.exit(0); });
});
