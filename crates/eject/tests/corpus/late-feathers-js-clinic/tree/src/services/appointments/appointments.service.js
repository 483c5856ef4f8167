const createService = require('feathers-sequelize');
const { Conflict } = require('@feathersjs/errors');
const _ = require('lodash');
const lock = require('../../lib/lock');
const redis = require('../../redis');
const { remind } = require('../../jobs/reminders');

const publish = _.curry((channel, message) => redis.publish(channel, JSON.stringify(message)));
const announce = publish('clinic:appointments');

const hooks = {
  around: [],
  before: {
    create: [async context => {
      const { room, startsAt } = context.data;
      const free = await lock(`room:${room}`, 5000, async () => {
        const added = await redis.zaddAsync(`clinic:rooms:${room}`, 'NX', Date.parse(startsAt), startsAt);
        return added === 1;
      });
      if (!free) throw new Conflict('room is taken');
      return context;
    }]
  },
  after: {
    create: [context => {
      announce(_.pick(context.result, ['id', 'room', 'startsAt']));
      remind(context.result, err => err && context.app.emit('error', err));
    }]
  }
};

module.exports = function (app) {
  const Model = app.get('sequelizeClient').models.appointments;
  app.use('/appointments', createService({ Model, paginate: app.get('paginate') }));
  app.service('appointments').hooks(_.omit(hooks, 'around'));
};
