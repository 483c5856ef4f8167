import { Inject } from '@nestjs/common';

export const KV_DEFAULT = Symbol('KV_DEFAULT');
export const KV_TOKENS = Symbol('KV_TOKENS');

export const InjectKv = (which: symbol = KV_DEFAULT) => Inject(which);
