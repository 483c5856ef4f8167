export default function Layout({ children }: { children: React.ReactNode }) {
  return <html><body><h1>Powered by Redis? No longer.</h1>{children}</body></html>;
}
