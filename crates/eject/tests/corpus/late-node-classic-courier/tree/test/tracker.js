'use strict';

var expect = require('chai').expect;
var mock = require('redis-mock');
var Tracker = require('../lib/tracker');

describe('Tracker', function () {
  it('forgets who has not been seen', function (done) {
    var client = mock.createClient();
    client.georadius = function () {};
    client.zadd('couriers:seen', 1, '7', function () {
      new Tracker(client).sweep(function (err) {
        expect(err).to.equal(null);
        client.zcard('couriers:seen', function (err, n) {
          expect(n).to.equal(0);
          done(err);
        });
      });
    });
  });
});
