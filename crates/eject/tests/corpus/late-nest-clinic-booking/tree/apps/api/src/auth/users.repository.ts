import { Injectable } from '@nestjs/common';
import { compare } from 'bcryptjs';
import { Pool } from 'pg';

@Injectable()
export class UsersRepository {
  private readonly pool = new Pool({ connectionString: process.env.DATABASE_URL });

  async verify(email: string, password: string): Promise<{ id: string } | null> {
    const { rows } = await this.pool.query('select id, password_hash from users where email = $1', [email]);
    return rows[0] && (await compare(password, rows[0].password_hash)) ? { id: rows[0].id } : null;
  }

  // `redis_migrated` was for the move of 2022 and is always true now
  async markMigrated(id: string) {
    await this.pool.query('update users set redis_migrated = true where id = $1', [id]);
  }
}
