import { NextResponse, type NextRequest } from 'next/server';
import { limiter } from '@/lib/limiter';

export async function middleware(request: NextRequest) {
  const { success } = await limiter.limit(request.ip ?? '127.0.0.1');
  return success ? NextResponse.next() : new NextResponse('Too many requests', { status: 429 });
}
