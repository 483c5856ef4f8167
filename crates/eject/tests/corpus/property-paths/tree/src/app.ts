import express from "express";
import { Connection } from "./connection";
import { keys } from "./keys";

export const app = express();
const connection = new Connection().open();

app.use((_, response, next) => {
  response.locals.connection = connection.redis;
  response.locals.language = "en";
  next();
});
app.get("/keys/:key", keys);
