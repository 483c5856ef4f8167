import { factory } from "./factory.js";
import { ReportQueue } from "./queues/report.js";
import { broadcast } from "./bus.js";
import { quota } from "./quota.js";

const reports = new ReportQueue();
await reports.schedule("daily");
await broadcast("started");
await quota(factory(), "me");
