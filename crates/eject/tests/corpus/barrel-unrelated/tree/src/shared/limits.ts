import Redis from "ioredis";
import { Limiter } from "./limiter";

export const limiter = new Limiter(new Redis());
