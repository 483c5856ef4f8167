import { Queue } from "node-resque";
import { api } from "./api";
import { dispatch } from "./dispatch";
import { names } from "./routes";

export async function startJobs() {
  api.resque.queue = new Queue({ connection: { host: process.env.REDIS_HOST } });
  await api.resque.queue.connect();
  await api.resque.queue.enqueue("default", "names", names());
  dispatch("log", { log: console.log });
}
