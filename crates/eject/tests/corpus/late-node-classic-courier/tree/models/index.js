'use strict';

var Sequelize = require('sequelize');
var config = require('config');

var db = config.get('mysql');
var sequelize = new Sequelize(db.database, db.user, db.password, { host: db.host, dialect: 'mysql', logging: false });

exports.Parcel = sequelize.define('parcel', {
  state: { type: Sequelize.ENUM('new', 'assigned', 'delivered'), defaultValue: 'new' },
  courier: Sequelize.INTEGER,
  km: Sequelize.DECIMAL(6, 2),
  cents: Sequelize.INTEGER,
  redisKey: { type: Sequelize.STRING, field: 'redis_key' },
});
