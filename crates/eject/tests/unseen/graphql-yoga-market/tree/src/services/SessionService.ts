import type { Db } from '../infra/db.js';

export class SessionService {
  constructor(private readonly db: Db) {}

  async userOf(authorization: string | null) {
    if (!authorization?.startsWith('Bearer ')) return null;
    const session = await this.db('sessions').where({ id: authorization.slice(7) }).andWhere('expires_at', '>', new Date()).first();
    return session ? { id: session.user_id as string, role: session.data.role as 'buyer' | 'seller' } : null;
  }
}
