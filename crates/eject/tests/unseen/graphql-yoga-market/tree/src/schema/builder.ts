import SchemaBuilder from '@pothos/core';
import type { Product } from '../loaders.js';
import type { Bid } from '../services/AuctionService.js';
import type { Context } from './context.js';

export const builder = new SchemaBuilder<{
  Context: Context;
  Objects: { Product: Product; Bid: Bid };
  Scalars: { Date: { Input: Date; Output: Date } };
}>({});

builder.queryType({});
builder.mutationType({});
builder.subscriptionType({});
