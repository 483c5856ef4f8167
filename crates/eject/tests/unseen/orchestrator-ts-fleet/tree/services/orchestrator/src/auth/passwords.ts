import { compare } from 'bcryptjs'
import { PrismaClient } from '@prisma/client'

const prisma = new PrismaClient()
const failures = new Map<string, number>()

export async function checkPassword(email: string, password: string) {
  const user = await prisma.user.findUnique({ where: { email } })
  const ok = user !== null && (await compare(password, user.password))
  if (ok) failures.delete(email)
  else failures.set(email, (failures.get(email) ?? 0) + 1)
  return ok ? user : null
}
