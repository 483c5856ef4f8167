import nodemailer from 'nodemailer'

const transport = nodemailer.createTransport(process.env.SMTP_URL, { pool: true, rateLimit: 10 })

export default async function mail(job: { data: { to: string; template: string } }) {
  await transport.sendMail({ to: job.data.to, subject: job.data.template, text: '…' })
}
