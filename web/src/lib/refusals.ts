/** Refusals in the reader's language, and what they say of single fields. */
import { Refused } from './api';
import { fieldWords } from './field-words';
import { coded, day, text } from './texts.svelte';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** One sentence that says what is wrong and what to do. */
export function sentence(error: unknown): string {
  if (!(error instanceof Refused)) return text('problem.noConnection');
  const { code, detail, details } = error.problem;
  return coded(`refusals.${code}`, detail, inWords(details as Record<string, unknown> | undefined));
}

/** The values that a refusal names, days as people write them. */
function inWords(details: Record<string, unknown> = {}): Record<string, string> {
  const shown = ([name, value]: [string, unknown]): [string, string] => [name, DAY.test(String(value)) ? day(String(value)) : String(value)];
  return Object.fromEntries(Object.entries(details).map(shown));
}

/** What is wrong with single fields, by their path (`organisation.town`); empty for any other error. */
export function wrongFields(error: unknown): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  if (error instanceof Refused && error.problem.fields) gather(error.problem.fields, '', found);
  return found;
}

function gather(fields: unknown, path: string, found: Record<string, string[]>): void {
  if (typeof fields === 'string') found[path] = [...(found[path] ?? []), fieldWords(fields)];
  else if (Array.isArray(fields)) for (const each of fields) gather(each, path, found);
  else if (fields && typeof fields === 'object')
    for (const [name, each] of Object.entries(fields)) gather(each, path ? `${path}.${name}` : name, found);
}
