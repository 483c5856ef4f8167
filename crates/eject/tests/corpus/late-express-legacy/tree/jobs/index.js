'use strict';

var kue = require('kue');
var Bull = require('bull');
var config = require('config');

var jobs = kue.createQueue({ prefix: 'q', redis: config.get('redis') });
var pdf = new Bull('pdf', { redis: config.get('redis') });

exports.kue = jobs;
exports.pdf = pdf;

exports.sendTicket = function (ticket, done) {
  pdf.add({ ticket: ticket.id }, { attempts: 3 });
  jobs.create('mail', { title: 'ticket', ticket: ticket.id }).delay(5000).removeOnComplete(true).save(done);
};
