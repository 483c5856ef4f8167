import { createRedisCache } from '@envelop/response-cache-redis';
import { AnalyticsProducer } from '#infra/kafka.js';
import { db } from '#infra/db.js';
import { createPubSub } from '#infra/pubsub.js';
import { connect } from '#infra/redis.js';
import { createAgenda } from './jobs/agenda.js';
import { createLoaders } from './loaders.js';
import type { Context } from './schema/context.js';
import { AuctionService } from './services/AuctionService.js';
import { CartService } from './services/CartService.js';
import { CatalogService } from './services/CatalogService.js';
import { ExchangeRates } from './services/ExchangeRates.js';
import { PriceBook } from './services/PriceBook.js';
import { SessionService } from './services/SessionService.js';

/** Everything there is one of, made in this order. No decorators, no reflection. */
export class Container {
  readonly redis = connect('market-api');
  readonly pubsub = createPubSub();
  readonly responses = createRedisCache({ redis: this.redis });
  readonly analytics = new AnalyticsProducer();
  readonly prices = new PriceBook(db);
  readonly rates = new ExchangeRates();
  readonly sessions = new SessionService(db);
  readonly catalog = new CatalogService(db, this.responses);
  readonly carts = new CartService(this.redis, this.catalog);
  readonly auctions = new AuctionService(this.redis, this.pubsub, db);
  readonly jobs = createAgenda(this);

  async contextFor(request: Request): Promise<Context> {
    return {
      user: await this.sessions.userOf(request.headers.get('authorization')),
      loaders: createLoaders(db),
      pubsub: this.pubsub,
      redis: this.redis,
      services: this,
    };
  }
}
