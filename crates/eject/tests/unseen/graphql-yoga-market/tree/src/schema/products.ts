import { builder } from './builder.js';

const Product = builder.objectType('Product', {
  fields: (t) => ({
    id: t.exposeID('id'),
    title: t.exposeString('title'),
    cents: t.exposeInt('cents'),
    euros: t.float({ resolve: async (p, _args, ctx) => (await ctx.services.rates.of('EUR')) * p.cents }),
  }),
});

builder.queryField('product', (t) =>
  t.field({
    type: Product,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, ctx) => ctx.loaders.product.load(String(id)),
  }),
);

builder.mutationField('rename', (t) =>
  t.field({
    type: Product,
    args: { id: t.arg.id({ required: true }), title: t.arg.string({ required: true }) },
    resolve: async (_root, { id, title }, ctx) => {
      const product = await ctx.services.catalog.rename(String(id), title);
      await ctx.pubsub.publish('catalog.renamed', { id });
      return product;
    },
  }),
);
