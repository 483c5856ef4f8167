'use strict';

const crypto = require('crypto');
const { BadRequest } = require('@feathersjs/errors');
const redis = require('../../redis');

const WEEK = 7 * 24 * 3600;

function Invitations(store) {
  this.store = store;
}

Invitations.prototype.setup = function (app) {
  this.app = app;
};

Invitations.prototype.create = function (data) {
  const token = crypto.randomBytes(24).toString('hex');
  return this.store.multi()
    .hmset(`clinic:invite:${token}`, { patient: data.patient, email: data.email })
    .expire(`clinic:invite:${token}`, WEEK)
    .execAsync()
    .then(() => ({ token }));
};

// a token is good once
Invitations.prototype.get = async function (token) {
  const [invite] = await this.store.multi().hgetall(`clinic:invite:${token}`).del(`clinic:invite:${token}`).execAsync();
  if (!invite) throw new BadRequest('no such invitation');
  return invite;
};

module.exports = function (app) {
  app.use('/invitations', new Invitations(redis));
};
