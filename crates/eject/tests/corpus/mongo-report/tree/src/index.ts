import express from "express";
import session from "express-session";
import MongoStore from "connect-mongo";
import { connect } from "./db";
import { User } from "./user";

const app = express();
app.use(session({ secret: "x", store: MongoStore.create({ mongoUrl: process.env.MONGODB_URI }) }));
app.get("/users", async (_, response) => response.json(await User.find()));
void connect().then(() => app.listen(3000));
