import type { NextConfig } from "next";

const config: NextConfig = {
  experimental: { staleTimes: { dynamic: 30 }, serverActions: { bodySizeLimit: "2mb" } },
  images: { remotePatterns: [{ protocol: "https", hostname: "*.public.blob.vercel-storage.com" }] },
  async redirects() {
    return [{ source: "/redistribute", destination: "/share", permanent: true }];
  },
};

export default config;
