export { emails, emailEvents, send, type Email } from './email.js'
export { Worker as Processor, type Job } from 'bullmq'
