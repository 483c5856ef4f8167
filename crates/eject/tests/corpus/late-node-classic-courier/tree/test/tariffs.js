'use strict';

var expect = require('chai').expect;
var tariffs = require('../lib/tariffs');

describe('tariffs', function () {
  beforeEach(tariffs.forget);

  it('asks more for a rush', function () {
    expect(tariffs.quote(4, { rush: true })).to.equal(912);
  });
});
