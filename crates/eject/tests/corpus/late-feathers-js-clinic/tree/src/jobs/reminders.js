const queue = require('./queue');
const logger = require('../logger');

exports.remind = function (appointment, done) {
  queue.create('reminder', { title: `#${appointment.id}`, appointment: appointment.id, phone: appointment.phone })
    .delay(new Date(new Date(appointment.startsAt) - 24 * 3600 * 1000))
    .attempts(3)
    .backoff({ type: 'exponential' })
    .save(done);
};

exports.work = function (send) {
  queue.process('reminder', Number(process.env.KUE_CONCURRENCY || 2), (job, done) => {
    send(job.data.phone, `Your appointment ${job.data.title}`, err => {
      if (err) logger.warn('reminder %s: %s', job.id, err.message);
      done(err);
    });
  });
};
