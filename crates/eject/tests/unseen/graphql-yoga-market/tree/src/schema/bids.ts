import { builder } from './builder.js';

const Bid = builder.objectType('Bid', {
  fields: (t) => ({
    id: t.exposeID('id'),
    cents: t.exposeInt('cents'),
    at: t.field({ type: 'Date', resolve: (bid) => bid.at }),
  }),
});

builder.mutationField('bid', (t) =>
  t.field({
    type: Bid,
    args: { auction: t.arg.id({ required: true }), cents: t.arg.int({ required: true }) },
    resolve: (_root, args, ctx) => ctx.services.auctions.bid(String(args.auction), ctx.user!.id, args.cents),
  }),
);

builder.queryField('bidsOf', (t) =>
  t.field({
    type: [Bid],
    args: { auction: t.arg.id({ required: true }) },
    resolve: (_root, { auction }, ctx) => ctx.services.auctions.history(String(auction)),
  }),
);

builder.subscriptionField('bidPlaced', (t) =>
  t.field({
    type: Bid,
    args: { auction: t.arg.id({ required: true }) },
    subscribe: (_root, { auction }, { pubsub }) =>
      pubsub.asyncIterator<{ bid: never }>(`bids.${auction}`) as unknown as AsyncIterable<{ bid: never }>,
    resolve: ({ bid }) => bid,
  }),
);
