/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  cacheMaxMemorySize: 50 * 1024 * 1024,
  experimental: { serverActions: { bodySizeLimit: '1mb' } },
};

export default config;
