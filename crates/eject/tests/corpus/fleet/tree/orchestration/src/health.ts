import type { Request, Response } from "express";

// Redis is checked by the platform, not here.
export function health(_: Request, response: Response) {
  response.json({ status: "ok", checks: [] });
}
