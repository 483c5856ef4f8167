import { KeyvAdapter } from '@apollo/utils.keyvadapter';
import Keyv from 'keyv';
import KeyvRedis from '@keyv/redis';

/** For `new ApolloServer({ cache })`, before Yoga. */
export const cache = new KeyvAdapter(new Keyv({ store: new KeyvRedis(process.env.REDIS_URL) }));
