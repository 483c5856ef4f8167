const redis = require('../redis');

// was for the first wave; services/waitlist is gone
exports.push = (clinic, patient) => redis.rpushAsync(`clinic:waitlist:${clinic}`, patient);
exports.next = clinic => redis.lpopAsync(`clinic:waitlist:${clinic}`);
