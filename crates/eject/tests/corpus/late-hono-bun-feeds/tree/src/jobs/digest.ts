import { run, type TaskList } from "graphile-worker";
import { config } from "../config";

const taskList: TaskList = {
  digest: async (payload, { logger, addJob }) => {
    logger.info(`digest ${JSON.stringify(payload)}`);
    await addJob("mail", { template: "digest" }, { jobKey: "digest", maxAttempts: 3 });
  },
  mail: async (_payload, helpers) => {
    await helpers.withPgClient((pg) => pg.query("update sessions set mailed_at = now() where mailed_at is null"));
  },
};

/** Queue and schedule are tables of Postgres. */
export const digests = () =>
  run({ connectionString: config.databaseUrl, concurrency: 2, taskList, crontab: "0 7 * * * digest" });
