/** Amounts as people type them. */

/** Cents of an amount typed in euros, with a point or a comma; null if it is none. */
export function cents(words: string): number | null {
  const plain = words.trim().replace(',', '.');
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}
