const http = require('http');
const path = require('path');
const logger = require('./logger');
const queue = require('./jobs/queue');
const reminders = require('./jobs/reminders');
const { exportsQueue } = require('./jobs/exports');

function sms(phone, text, cb) {
  const req = http.request({ host: 'sms.example.com', method: 'POST', path: '/send' }, res => cb(res.statusCode < 300 ? null : new Error(`sms ${res.statusCode}`)));
  req.on('error', cb);
  req.end(JSON.stringify({ phone, text }));
}

reminders.work(sms);
exportsQueue.process(1, path.join(__dirname, 'jobs/export.processor.js'));

process.once('SIGTERM', () => {
  queue.shutdown(5000, err => {
    if (err) logger.error('kue', err);
    exportsQueue.close().then(() => process.exit(0));
  });
});
