const fs = require('fs');
const { promisify } = require('util');

const write = promisify(fs.writeFile);

// runs in a process of its own
module.exports = async function (job) {
  const file = `/srv/clinic/exports/${job.id}.csv`;
  await write(file, ['id', 'name'].join(';'));
  await job.progress(100);
  return { file };
};
