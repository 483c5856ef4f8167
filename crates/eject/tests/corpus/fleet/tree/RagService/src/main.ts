import { answer } from "./answer.js";

process.stdin.on("data", async (chunk) => process.stdout.write(await answer("cli", chunk.toString())));
