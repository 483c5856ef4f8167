export function log(what: string, ...details: unknown[]): void {
  console.log(new Date().toISOString(), what, ...details);
}
