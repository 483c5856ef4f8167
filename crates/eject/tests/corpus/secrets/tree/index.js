const redis = require("redis");

const client = redis.createClient(6379, "h", { auth_pass: "hunter2 with 'spaces' hunter2" });
client.auth("hunter2Authhunter2", console.log);
const other = redis.createClient({ url: "redis://default:hunter2/slash@at/hunter2@h:6379" });
const third = redis.createClient({ host: "h", password: `hunter2Tickhunter2` });
module.exports = { client, other, third };
