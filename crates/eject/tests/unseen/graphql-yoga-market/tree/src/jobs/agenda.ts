import { Agenda, type Job } from 'agenda';
import type { Container } from '../container.js';
import { env } from '../env.js';
import { trimStats } from './trimStats.js';

/** Timed things are in MongoDB since they must not be evicted. */
export function createAgenda(container: Container): Agenda {
  const agenda = new Agenda({ db: { address: env.MONGO_URL, collection: 'jobs' }, maxConcurrency: 10 });

  agenda.define('close auction', async (job: Job<{ auction: string }>) => {
    await container.auctions.close(job.attrs.data.auction);
  });
  agenda.define('trim stats', () => trimStats(container.redis));
  agenda.on('ready', () => agenda.every('1 hour', 'trim stats'));
  return agenda;
}
