/** Colons in parts would make two keys one. */
export function keyOf(kind: 'sess' | 'magic' | 'board' | 'course', ...parts: (string | number)[]): string {
  return [kind, ...parts.map((part) => encodeURIComponent(String(part)))].join(':')
}
