import { app, type HttpRequest } from "@azure/functions";
import { limited } from "../limit";

app.http("getReports", {
  methods: ["GET"],
  handler: async (request: HttpRequest) => (await limited(request)) ?? { jsonBody: [] },
});
