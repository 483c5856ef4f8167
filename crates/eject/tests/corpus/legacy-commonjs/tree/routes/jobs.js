var router = module.exports = require('express').Router();
var kue = require('kue'), jobs = kue.createQueue({ redis: process.env.REDISTOGO_URL });
var lazy = require('../lib/lazy');

router.post('/', function (req, res, next) {
  jobs.create('email', req.body).priority('high').attempts(5).save(function (error) {
    if (error) return next(error);
    lazy().incr('jobs:created', function () { res.sendStatus(202); });
  });
});
