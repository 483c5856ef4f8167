import { initTRPC, TRPCError } from '@trpc/server'
import { z } from 'zod'
import { publishCourse } from '../jobs/queues.js'
import { maySend } from '../plugins/limits.js'
import type { Context } from './context.js'

const t = initTRPC.context<Context>().create()

const signedIn = t.procedure.use(({ ctx, next }) => {
  const userId = ctx.session.get('userId') as string | undefined
  if (!userId) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { ...ctx, userId } })
})

export const appRouter = t.router({
  requestLink: t.procedure.input(z.string().email()).mutation(async ({ ctx, input }) => {
    if (!(await maySend(ctx.ip))) throw new TRPCError({ code: 'TOO_MANY_REQUESTS' })
    await ctx.di.magicLinks.send(input)
  }),
  redeemLink: t.procedure.input(z.string()).mutation(async ({ ctx, input }) => {
    const email = await ctx.di.magicLinks.redeem(input)
    if (!email) throw new TRPCError({ code: 'NOT_FOUND' })
    ctx.session.set('userId', email)
  }),
  course: t.procedure.input(z.string()).query(({ ctx, input }) =>
    ctx.di.courses.get(input, async () => {
      const { rows } = await ctx.di.pool.query('select id, title, lessons from courses where id = $1', [input])
      return rows[0]
    }),
  ),
  upload: signedIn
    .input(z.object({ lessonId: z.string(), source: z.string().url() }))
    .mutation(async ({ ctx, input }) => {
      const job = await ctx.di.queues.media.add('transcode', input, { jobId: input.lessonId })
      return { job: job.id }
    }),
  publish: signedIn
    .input(z.object({ courseId: z.string(), lessons: z.string().array() }))
    .mutation(({ ctx, input }) => publishCourse(ctx.di.factory, input.courseId, input.lessons)),
  board: t.procedure.input(z.string()).query(({ ctx, input }) => ctx.di.leaderboard.top(input)),
  quizDone: signedIn.input(z.object({ courseId: z.string(), points: z.number().int() })).mutation(async ({ ctx, input }) => {
    const total = await ctx.di.leaderboard.award(input.courseId, ctx.userId, input.points)
    if (total >= 1000) await ctx.di.certificates.add(ctx.userId, input.courseId)
    return total
  }),
})

export type AppRouter = typeof appRouter
