import type { Mutex, ScriptedRedis } from "@haul/platform";
import type { DispatchFlow, Queues } from "@haul/queues";
import type { ShipmentRepository } from "./shipment.repository.js";
import type { Quote, QuoteCache } from "./quote-cache.js";

export class DepotFull extends Error {}

export class ShipmentService {
  constructor(
    private readonly shipmentRepository: ShipmentRepository,
    private readonly quoteCache: QuoteCache,
    private readonly dispatchFlow: DispatchFlow,
    private readonly queues: Queues,
    private readonly redis: ScriptedRedis,
    private readonly mutex: Mutex,
  ) {}

  async quote(lane: string, kg: number): Promise<Quote[]> {
    const known = await this.quoteCache.find(lane, kg);
    if (known) return known;
    const response = await fetch(`https://rates.example.com/v2/${lane}?kg=${kg}`);
    const quotes = (await response.json()) as Quote[];
    await this.quoteCache.store(lane, kg, quotes);
    return quotes;
  }

  async dispatch(id: string, depotCode: string, carrier: string): Promise<string | undefined> {
    const depot = await this.shipmentRepository.depot(depotCode);
    const reserved = await this.redis.reserveSlot(`depot:${depotCode}`, depot.capacity, id, 86_400);
    if (reserved === 0) throw new DepotFull(depotCode);
    return this.mutex.run(`shipment:${id}`, 10_000, async () => {
      await this.shipmentRepository.setState(id, "dispatching");
      return this.dispatchFlow.start(id, { carrier, abroad: !depotCode.startsWith("EU") });
    });
  }

  /** For the counter: prints now and waits for it. */
  async printNow(id: string): Promise<string> {
    const job = await this.queues.labels.add("print", { shipmentId: id, carrier: "dhl", format: "zpl" }, { priority: 1 });
    return job.waitUntilFinished(this.queues.labelEvents, 15_000);
  }

  async cancel(id: string, depotCode: string): Promise<void> {
    await this.redis.releaseSlot(`depot:${depotCode}`, id);
    await this.shipmentRepository.setState(id, "cancelled");
    await this.redis.publish(`shipment:${id}`, JSON.stringify({ state: "cancelled" }));
  }
}
