/** The programme's lists as choices for forms: fetched once, named in the reader's language, sorted as people read. */
import { api, got, type Schemas } from './api';

export type Kind = Schemas['registry.ReferenceList']['kind'];
export type Choice = readonly [string, string];

const kept = new Map<Kind, Promise<Schemas['registry.TermView'][]>>();

export function terms(kind: Kind): Promise<Schemas['registry.TermView'][]> {
  const known = kept.get(kind);
  if (known) return known;
  const asked = got(api.GET('/v1/reference/{kind}', { params: { path: { kind } } })).then((found) => found.items);
  kept.set(kind, asked);
  asked.catch(() => kept.delete(kind));
  return asked;
}

export const sorted = (choices: readonly Choice[]): Choice[] => [...choices].sort((one, other) => one[1].localeCompare(other[1]));
