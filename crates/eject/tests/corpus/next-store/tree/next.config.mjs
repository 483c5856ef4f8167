/** @type {import('next').NextConfig} */
const config = {
  cacheHandler: process.env.NODE_ENV === 'production' ? new URL('./cache-handler.mjs', import.meta.url).pathname : undefined,
  cacheMaxMemorySize: 0,
};
export default config;
