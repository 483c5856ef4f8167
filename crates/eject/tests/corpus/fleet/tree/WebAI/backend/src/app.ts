import http from "node:http";
import express from "express";
import { apiLimiter, loginLimiter } from "./middleware/rateLimit";
import { uploadLimiter } from "./middleware/uploadLimit";
import { attachSocket } from "./ws/socket";

const app = express();
app.use("/api", apiLimiter);
app.use("/login", loginLimiter);
app.use("/upload", uploadLimiter);

const server = http.createServer(app);
attachSocket(server);
server.listen(process.env.PORT ?? 5000);
