'use strict';

var expect = require('chai').expect;
var mock = require('redis-mock');

describe('throttle', function () {
  it('counts', function (done) {
    var client = mock.createClient();
    client.incr('throttle:1', function (err, n) {
      expect(n).to.equal(1);
      done(err);
    });
  });
});
