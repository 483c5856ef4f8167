import './bids.js';
import './products.js';
import './typing.js';
import { builder } from './builder.js';

export const schema = builder.toSchema();
