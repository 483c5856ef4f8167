'use strict';

var kue = require('kue');
var config = require('config');

var jobs = kue.createQueue({ prefix: 'k', redis: config.get('redis') });

exports.dispatch = function (parcel, done) {
  jobs.create('dispatch', { parcel: parcel }).attempts(3).save(done);
};
