import IORedis from 'ioredis-mock';
import { RefreshTokens } from './refresh-tokens';

describe('RefreshTokens', () => {
  const kv = new IORedis();
  const tokens = new RefreshTokens(kv as never);

  afterEach(() => kv.flushall());

  it('rotates once', async () => {
    const first = await tokens.issue('p1');
    expect(await tokens.rotate(first)).toMatchObject({ userId: 'p1' });
    expect(await tokens.rotate(first)).toBeNull();
  });
});
