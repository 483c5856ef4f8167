const { Mutex } = require("redis-semaphore");
const client = require("redis").createClient();

exports.once = async (work) => {
  const mutex = new Mutex(client, "once");
  await mutex.acquire();
  try {
    return await work();
  } finally {
    await mutex.release();
  }
};
