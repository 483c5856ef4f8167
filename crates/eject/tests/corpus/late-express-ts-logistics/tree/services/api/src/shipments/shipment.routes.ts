import { Router } from "express";
import { DepotFull, type ShipmentService } from "./shipment.service.js";
import type { ShipmentRepository } from "./shipment.repository.js";

interface Deps {
  shipmentService: ShipmentService;
  shipmentRepository: ShipmentRepository;
}

export function shipmentRoutes({ shipmentService, shipmentRepository }: Deps): Router {
  const router = Router();

  router.get("/quotes/:lane", async (req, res, next) => {
    try {
      res.set("Cache-Control", "private, max-age=60");
      res.json(await shipmentService.quote(req.params.lane, Number(req.query.kg)));
    } catch (cause) {
      next(cause);
    }
  });

  router.post("/", async (req, res) => {
    res.status(201).json({ id: await shipmentRepository.create(req.body.origin, req.body.destination) });
  });

  router.post("/:id/dispatch", async (req, res, next) => {
    try {
      const job = await shipmentService.dispatch(req.params.id, req.body.depot, req.body.carrier);
      res.status(202).json({ job });
    } catch (cause) {
      if (cause instanceof DepotFull) res.status(409).json({ error: "depot_full" });
      else next(cause);
    }
  });

  router.delete("/:id", async (req, res) => {
    await shipmentService.cancel(req.params.id, String(req.query.depot));
    res.status(204).end();
  });

  return router;
}
