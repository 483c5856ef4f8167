import type { Request, Response } from "express";

export async function keys(request: Request, response: Response) {
  const redisConnection = response.locals.connection;
  const items = await redisConnection.lrange(request.params.key, 0, -1);
  const fields = await redisConnection.hgetall(request.params.key);
  response.json({ items, fields, language: response.locals.language.trim() });
}
