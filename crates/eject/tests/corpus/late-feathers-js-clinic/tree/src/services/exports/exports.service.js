const { exportsQueue } = require('../../jobs/exports');

module.exports = function (app) {
  app.use('/exports', {
    async create(data) {
      const job = await exportsQueue.add(data, { attempts: 2, removeOnComplete: true });
      return { id: job.id };
    }
  });
};
