/** Amounts as people type them, and the days of payments. */

/** Cents of an amount typed in euros, with a point or a comma; null if it is none. */
export function cents(words: string): number | null {
  const plain = words.trim().replace(',', '.');
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}

/** Today as forms write it, where the person is. */
export function today(now = new Date()): string {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
