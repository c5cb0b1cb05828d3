/** Dates as a calendar file (RFC 5545), for whole days: what calendar programs take. Pure, so that it can be tried without a browser. */
export interface Entry {
  /** The same for the same thing, however often it is written: programs then move it instead of adding it again. */
  uid: string;
  title: string;
  about: string;
  /** The first and the last day (`2027-03-01`), both included. */
  first: string;
  last: string;
  link: string;
}

/** The whole file; `at` is when it was written. */
export function calendarFile(name: string, entries: readonly Entry[], at: Date): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//ClusterXchange//Calendar//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH', `X-WR-CALNAME:${escaped(name)}`, ...entries.flatMap((each) => event(each, at)), 'END:VCALENDAR'];
  return lines.map(folded).join('\r\n') + '\r\n';
}

function event(entry: Entry, at: Date): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${entry.uid}`,
    `DTSTAMP:${at.toISOString().replace(/[-:]|\.\d{3}/g, '')}`,
    `DTSTART;VALUE=DATE:${compact(entry.first)}`,
    // The end is the day after the last one.
    `DTEND;VALUE=DATE:${compact(dayAfter(entry.last))}`,
    `SUMMARY:${escaped(entry.title)}`,
    ...(entry.about ? [`DESCRIPTION:${escaped(entry.about)}`] : []),
    `URL:${entry.link}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** The day after a day. */
export function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

const compact = (day: string) => day.replaceAll('-', '');

function escaped(words: string): string {
  // Control characters have no place in a calendar; a line break is written as one.
  return words.replace(/[\\;,]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n').replace(/[\u0000-\u001f\u007f]/g, '');
}

/** A line of at most 75 octets; what is longer goes on after a line break and a space, and no letter is cut in two. */
function folded(line: string): string {
  const octets = new TextEncoder();
  const parts: string[] = [];
  let part = '';
  let length = 0;
  for (const letter of line) {
    const size = octets.encode(letter).length;
    if (length + size > 75) {
      parts.push(part);
      [part, length] = [' ', 1];
    }
    part += letter;
    length += size;
  }
  return [...parts, part].join('\r\n');
}
