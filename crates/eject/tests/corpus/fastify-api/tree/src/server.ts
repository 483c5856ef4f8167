import path from "node:path";
import { fileURLToPath } from "node:url";
import autoload from "@fastify/autoload";
import Fastify from "fastify";

const here = path.dirname(fileURLToPath(import.meta.url));
const app = Fastify({ logger: true });
await app.register(autoload, { dir: path.join(here, "plugins") });
await app.register(autoload, { dir: path.join(here, "routes") });
await app.listen({ port: 3000 });
