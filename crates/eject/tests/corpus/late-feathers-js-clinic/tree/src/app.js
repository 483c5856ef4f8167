const compress = require('compression');
const helmet = require('helmet');
const feathers = require('@feathersjs/feathers');
const configuration = require('@feathersjs/configuration');
const express = require('@feathersjs/express');

const middleware = require('./middleware');
const services = require('./services');
const realtime = require('./realtime');
const channels = require('./channels');
const sequelize = require('./sequelize');

const app = express(feathers());

app.configure(configuration());
app.set('trust proxy', 1);
app.use(helmet());
app.use(compress());
app.use(express.json());
app.use(express.urlencoded({ extended: true }));

app.configure(express.rest());
app.configure(realtime);
app.configure(sequelize);
app.configure(middleware);
app.configure(services);
app.configure(channels);

app.use(express.notFound());
app.use(express.errorHandler({ logger: require('./logger') }));

module.exports = app;
