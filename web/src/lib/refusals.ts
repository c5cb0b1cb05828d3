/** Refusals in the reader's language, and what they say of single fields. */
import { Refused } from './api';
import { coded, text } from './texts.svelte';

/** One sentence that says what is wrong and what to do. */
export function sentence(error: unknown): string {
  if (!(error instanceof Refused)) return text('problem.noConnection');
  const { code, detail, details } = error.problem;
  return coded(`refusals.${code}`, detail, details as Record<string, string> | undefined);
}

/** What is wrong with single fields, by their path (`organisation.town`); empty for any other error. */
export function wrongFields(error: unknown): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  if (error instanceof Refused && error.problem.fields) gather(error.problem.fields, '', found);
  return found;
}

function gather(fields: unknown, path: string, found: Record<string, string[]>): void {
  if (typeof fields === 'string') found[path] = [...(found[path] ?? []), fields];
  else if (Array.isArray(fields)) for (const each of fields) gather(each, path, found);
  else if (fields && typeof fields === 'object')
    for (const [name, each] of Object.entries(fields)) gather(each, path ? `${path}.${name}` : name, found);
}
