import { createClient } from "redis";
import { ttl } from "./ttl";

export const session = createClient();
export const save = (id: string) => session.setEx(`sess:${id}`, ttl, "{}");
