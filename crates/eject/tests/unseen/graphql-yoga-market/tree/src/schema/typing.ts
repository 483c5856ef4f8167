import { createPubSub } from 'graphql-yoga';
import { builder } from './builder.js';

// Who types is of interest only to those on the same instance.
const local = createPubSub<{ typing: [chat: string, user: string] }>();

builder.mutationField('typing', (t) =>
  t.boolean({
    args: { chat: t.arg.id({ required: true }) },
    resolve: (_root, { chat }, ctx) => {
      local.publish('typing', String(chat), ctx.user?.id ?? 'guest');
      return true;
    },
  }),
);

builder.subscriptionField('typing', (t) =>
  t.string({
    args: { chat: t.arg.id({ required: true }) },
    subscribe: (_root, { chat }) => local.subscribe('typing', String(chat)),
    resolve: (user) => user as string,
  }),
);
