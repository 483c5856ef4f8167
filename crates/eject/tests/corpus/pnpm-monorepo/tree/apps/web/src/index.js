const kit = require("@acme/kit/queue");
const { iso } = require("@acme/kit");

new kit.Jobs("mail").add("hello", { at: iso(new Date()) });
