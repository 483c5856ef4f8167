#!/usr/bin/env node
'use strict';

var queues = require('../lib/queues');

var name = process.argv[2] || 'labels';

queues[name].getFailed(0, 500).then(function (jobs) {
  return Promise.all(jobs.map(function (job) { return job.retry(); })).then(function () {
    console.log('%d jobs of %s tried again', jobs.length, name);
    return queues[name].close();
  });
}).then(function () { process.exit(0); });
