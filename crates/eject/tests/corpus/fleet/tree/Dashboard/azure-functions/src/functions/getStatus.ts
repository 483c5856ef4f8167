import { app } from "@azure/functions";

app.http("getStatus", { methods: ["GET"], handler: async () => ({ jsonBody: { ok: true } }) });
