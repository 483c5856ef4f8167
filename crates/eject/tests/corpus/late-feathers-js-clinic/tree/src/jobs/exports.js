const Bull = require('bull');
const config = require('config');

const exportsQueue = new Bull('exports', { redis: config.get('redis'), prefix: 'clinic:bull' });

module.exports = { exportsQueue };
