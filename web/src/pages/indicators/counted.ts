/** What the indicators are asked for: one partnership or all one may see, and a period. */
export interface Asked {
  partnership_id?: string;
  from?: string;
  to?: string;
}

/** The days of a period that is named in the page's address; what is no day is left out. */
export function dayOf(given: string | null): string | undefined {
  return given && /^\d{4}-\d{2}-\d{2}$/.test(given) ? given : undefined;
}

/** The sums of rows by a key, in the order in which the keys first come. */
export function summed<T>(rows: readonly T[], key: (row: T) => string, values: (row: T) => readonly number[]): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const row of rows) {
    const known = sums.get(key(row));
    sums.set(key(row), values(row).map((value, at) => value + (known?.[at] ?? 0)));
  }
  return sums;
}

/** All months from the first to the last (`2027-03-01`), so that those in which nothing happened are seen, too. */
export function monthsBetween(first: string, last: string): string[] {
  const found: string[] = [];
  for (let at = new Date(`${first}T00:00:00Z`); at <= new Date(`${last}T00:00:00Z`); at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1))) {
    found.push(at.toISOString().slice(0, 10));
  }
  return found;
}

/** A part of a whole in per cent, to a tenth. */
export function shareOf(part: number, whole: number): number {
  return Math.round((1000 * part) / Math.max(1, whole)) / 10;
}
