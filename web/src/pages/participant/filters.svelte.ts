/** What the catalogue is narrowed by: kept in the page's address, so that a search survives a reload and can be passed on. */
import type { Schemas } from '$lib/api';
import type { paths } from '$lib/api-types';
import { router } from '$lib/router.svelte';
import { joined, parted } from '$lib/several';
import { code, coded, country, day, languageName, list, text } from '$lib/texts.svelte';

export type Query = NonNullable<paths['/v1/catalogue']['get']['parameters']['query']>;
export type Facet = Schemas['matching.Count']['criterion'];
export type Criteria = Schemas['matching.SavedSearchView']['criteria'];
export type Sort = NonNullable<Query['sort']>;

/** Criteria of which several values can be chosen, the most used first. */
export const SEVERAL = [
  'countries', 'ecosystems', 'organisation_types', 'sizes', 'activity_types', 'languages', 'topics', 'technologies', 'nace', 'regions', 'towns', 'partnerships',
  'wished_countries', 'wished_organisation_types', 'wished_languages',
] as const;
export type Several = (typeof SEVERAL)[number];
export const FLAGS = ['sme', 'cluster_member', 'outermost_region', 'may_visit', 'may_host'] as const;
export const NUMBERS = ['stay_from', 'stay_to', 'group_from', 'group_to', 'places_from', 'answers_within_hours', 'within_km'] as const;
export const LINES = ['can_teach', 'want_to_learn'] as const;
const ONE = ['text', 'role', 'language_level', 'start', 'end', ...LINES, ...NUMBERS, ...FLAGS] as const;
export type One = (typeof ONE)[number];
export const SORTS = ['name', 'match', 'distance', 'newest', 'responsiveness'] as const;
export const LEVELS = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] as const;

/** Partnerships' names, where they are known. */
export type Named = Readonly<Record<string, string>>;

/** A value of a criterion as people read it. */
export function named(criterion: Facet, value: string, partnerships: Named = {}): string {
  if (criterion === 'countries' || criterion === 'wished_countries') return country(value);
  if (criterion === 'languages' || criterion === 'wished_languages') return languageName(value);
  if (criterion === 'ecosystems') return code('ecosystem', value);
  if (criterion === 'organisation_types' || criterion === 'wished_organisation_types') return code('organisation_type', value);
  if (criterion === 'sizes') return code('organisation_size', value);
  if (criterion === 'activity_types') return code('activity_type', value);
  if (criterion === 'nace') return coded(`codes.nace.${value}`, value);
  if (criterion === 'regions') return value.length === 2 ? country(value) : value;
  if (criterion === 'partnerships') return partnerships[value] ?? value;
  return value;
}

export class Filters {
  several = $state(Object.fromEntries(SEVERAL.map((each) => [each, parted(router.query.get(each))])) as Record<Several, string[]>);
  one = $state(Object.fromEntries(ONE.map((each) => [each, router.query.get(each) ?? ''])) as Record<One, string>);

  /** What is asked of the API: only what is chosen. */
  get query(): Query {
    const many = SEVERAL.filter((each) => this.several[each].length).map((each) => [each, [...this.several[each]]]);
    const single = ONE.filter((each) => this.one[each] !== '').map((each) => [each, typed(each, this.one[each])]);
    return Object.fromEntries([...many, ...single]) as Query;
  }

  /** The same for the page's address; what is not chosen leaves it. */
  get address(): Record<string, string> {
    return { ...Object.fromEntries(SEVERAL.map((each) => [each, joined(this.several[each])])), ...this.one };
  }

  get isNarrowed(): boolean {
    return SEVERAL.some((each) => this.several[each].length > 0) || ONE.some((each) => this.one[each] !== '');
  }

  clear(): void {
    for (const each of SEVERAL) this.several[each] = [];
    for (const each of ONE) this.one[each] = '';
  }

  /** Choose a value, or take it back. */
  toggle(criterion: Several, value: string): void {
    const chosen = this.several[criterion];
    this.several[criterion] = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
  }
}

function typed(name: One, value: string): string | number | boolean {
  if ((NUMBERS as readonly string[]).includes(name)) return Number(value);
  return (FLAGS as readonly string[]).includes(name) ? value === 'true' : value;
}

/** The catalogue's address with the criteria of a saved search. */
export function addressOf(criteria: Criteria, more: Record<string, string | null> = {}): string {
  const said = Object.entries({ ...criteria, ...more }).filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0));
  const query = new URLSearchParams(said.map(([name, value]) => [name, Array.isArray(value) ? joined(value as string[]) : String(value)]));
  return query.size ? `/catalogue?${query}` : '/catalogue';
}

/** What is searched for, in a few words for each criterion. */
export function inWords(criteria: Criteria, partnerships: Named = {}): string[] {
  const several = SEVERAL.filter((each) => criteria[each]?.length).map((each) => text('form.pair', { name: text(`catalogue.criteria.${each}`), value: list((criteria[each] as string[]).map((value) => named(each, value, partnerships))) }));
  const words = criteria.text ? [text('form.quoted', { words: criteria.text })] : [];
  const role = criteria.role ? [text(criteria.role === 'host' ? 'catalogue.hostsOnly' : 'catalogue.visitorsOnly')] : [];
  const flags = FLAGS.filter((each) => criteria[each] !== null && criteria[each] !== undefined).map((each) => text('form.pair', { name: text(`catalogue.traits.${each}`), value: text(criteria[each] ? 'form.yes' : 'form.no') }));
  const rest = (['language_level', 'start', 'end', ...LINES, ...NUMBERS] as const).filter((each) => criteria[each]).map((each) => text('form.pair', { name: text(`catalogue.one_of.${each}`), value: each === 'start' || each === 'end' ? day(criteria[each]) : String(criteria[each]) }));
  return [...words, ...role, ...several, ...rest, ...flags];
}
