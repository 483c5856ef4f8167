import { client } from './redis.js';

const TTL = 12 * 3600;
// how many tabs each user has open on this instance only
const local = new Map();

export async function arrive(team, user) {
  local.set(user, (local.get(user) ?? 0) + 1);
  await client
    .multi()
    .sAdd(`online:${team}`, user)
    .expire(`online:${team}`, TTL)
    .exec();
}

export async function leave(team, user) {
  const tabs = (local.get(user) ?? 1) - 1;
  if (tabs > 0) return local.set(user, tabs);
  local.delete(user);
  await client.sRem(`online:${team}`, user);
}

export async function online(team) {
  return client.sMembers(`online:${team}`);
}
