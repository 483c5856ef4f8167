'use strict';

var crypto = require('crypto');
var util = require('util');
var client = require('./redis').named('default');

var setex = util.promisify(client.setex).bind(client);
var get = util.promisify(client.get).bind(client);

/** The code by which the receiver proves that the parcel is his; good for a day. */
exports.issue = async function (parcel) {
  var pin = String(crypto.randomBytes(4).readUInt32BE(0) % 1000000).padStart(6, '0');
  await setex('otp:parcel:' + parcel, 24 * 3600, pin);
  return pin;
};

exports.redeem = async function (parcel, pin) {
  var known = await get('otp:parcel:' + parcel);
  if (!known || known !== pin) return false;
  client.del('otp:parcel:' + parcel);
  return true;
};
