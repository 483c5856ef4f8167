import type Redis from "ioredis";
import { TtlMap } from "@haul/platform";

export interface Position {
  lat: number;
  lon: number;
  at: number;
}

const PATTERN = "position:*";

export class PositionFeed {
  private readonly recent = new TtlMap<string, Position>(5_000);

  constructor(
    private readonly subscriber: Redis,
    private readonly store: Redis,
  ) {}

  async start(tell: (vehicle: string, position: Position) => void): Promise<void> {
    this.subscriber.on("pmessage", (_pattern, channel, message) => {
      const vehicle = channel.slice("position:".length);
      const position = JSON.parse(message) as Position;
      this.recent.set(vehicle, position);
      tell(vehicle, position);
      void this.store.geoadd("vehicles", position.lon, position.lat, vehicle);
    });
    await this.subscriber.psubscribe(PATTERN);
  }

  async last(vehicle: string): Promise<Position | undefined> {
    const recent = this.recent.get(vehicle);
    if (recent) return recent;
    const [point] = await this.store.geopos("vehicles", vehicle);
    return point ? { lon: Number(point[0]), lat: Number(point[1]), at: 0 } : undefined;
  }

  async stop(): Promise<void> {
    await this.subscriber.punsubscribe(PATTERN);
    this.subscriber.disconnect();
  }
}
