/** Every answer of a registration in words, step by step, so that it can be read whole and compared with what it was. */
import type { Registration } from '$lib/draft.svelte';
import { code, coded, country, day, languageName, list, text, type Key } from '$lib/texts.svelte';
import { STEPS, type StepName } from '../participant/steps/steps';

export interface Answer {
  /** Where it stands in the form: `organisation.town`. */
  name: string;
  title: string;
  words: string;
}

export type Step = Exclude<StepName, 'submit'>;
export const ANSWERED = STEPS.filter((each): each is Step => each !== 'submit');

type Words = (value: unknown) => string;
const plain: Words = (value) => String(value);
const yesNo: Words = (value) => text(value ? 'form.yes' : 'form.no');
const many = (one: (value: string) => string): Words => (value) => ((value as string[]).length ? list((value as string[]).map(one)) : '');
const of = (kind: string): ((value: string) => string) => (value) => code(kind, value);
const same = (value: string): string => value;

/** Each field of each step: the key of its title and how its value is said. What is not here is not an answer (latitude). */
const FIELDS: Record<Exclude<Step, 'preferences'>, Record<string, readonly [Key, Words]>> = {
  organisation: {
    legal_name: ['organisation.legalName', plain],
    organisation_type: ['organisation.type', (value) => code('organisation_type', String(value))],
    size: ['organisation.size', (value) => code('organisation_size', String(value))],
    street: ['organisation.street', plain],
    house_number: ['organisation.houseNumber', plain],
    postcode: ['organisation.postcode', plain],
    town: ['organisation.town', plain],
    country: ['organisation.country', (value) => country(String(value))],
    nuts: ['organisation.nuts', plain],
    website: ['organisation.website', plain],
    number_kind: ['organisation.numberKind', (value) => text(value === 'vat' ? 'organisation.vat' : 'organisation.register')],
    registration_number: ['organisation.number', plain],
    cluster_member: ['organisation.member', yesNo],
    cluster_name: ['organisation.clusterName', plain],
    cluster_page: ['organisation.clusterPage', plain],
  },
  person: {
    first_name: ['account.firstName', plain],
    last_name: ['account.lastName', plain],
    function: ['person.function', plain],
    e_mail: ['account.eMail', plain],
    phone: ['person.phone', plain],
    languages: ['person.languages', (value) => list((value as { language: string; level: string }[]).map((each) => `${languageName(each.language)} ${each.level}`))],
  },
  role: { roles: ['role.roles', many(of('role'))], motivation: ['role.motivation', plain] },
  offer: {
    ecosystems: ['offer.ecosystems', many(of('ecosystem'))],
    nace: ['offer.nace', many((value) => coded(`codes.nace.${value}`, value))],
    technologies: ['offer.technologies', many(same)],
    topics: ['offer.topics', many(same)],
    can_teach: ['offer.canTeach', many(same)],
    want_to_learn: ['offer.wantToLearn', many(same)],
  },
  period: {
    availability: ['period.windows', (value) => list((value as { start: string; end: string }[]).map((each) => `${day(each.start)} – ${day(each.end)}`))],
    min_days: ['period.minDays', plain],
    max_days: ['period.maxDays', plain],
    group_size: ['period.groupSize', plain],
    capacity: ['period.capacity', plain],
    accessibility_needs: ['period.needs', plain],
  },
  partnership: { visibility: ['partnership.visibility', (value) => coded(`partnership.visible.${String(value)}`, String(value))] },
};

const WISHES: Record<string, readonly [Key, Words]> = {
  countries: ['preferences.countries', many(country)],
  organisation_types: ['preferences.organisation_types', many(of('organisation_type'))],
  activity_types: ['preferences.activity_types', many(of('activity_type'))],
  languages: ['preferences.languages', many(languageName)],
};

/** The answers of one step in words; '–' where there is none. */
export function answersOf(view: Pick<Registration, Step>, step: Step): Answer[] {
  if (step === 'preferences') return (view.role.roles ?? []).flatMap((role) => said(`preferences.${role}`, WISHES, view.preferences[role] ?? {}, `${code('role', role)}: `));
  return said(step, FIELDS[step], view[step]);
}

/** What differs between two readings of a registration; with `only`, among the fields that a proposal names. */
export function differences(before: Pick<Registration, Step>, now: Pick<Registration, Step>): (Answer & { was: string })[] {
  return ANSWERED.flatMap((step) => {
    const known = new Map(answersOf(before, step).map((each) => [each.name, each.words]));
    return answersOf(now, step)
      .map((each) => ({ ...each, was: known.get(each.name) ?? '–' }))
      .filter((each) => each.was !== each.words);
  });
}

/** The registration as it would be with the change that waits. */
export function asProposed(view: Registration): Registration {
  const change = view.proposed_change;
  return change ? { ...view, organisation: { ...view.organisation, ...given(change.organisation) }, role: { ...view.role, ...given(change.role) } } : view;
}

// A view writes every field of the step; a field that is not proposed is absent or undefined there, one that is emptied is null.
const given = <T extends object>(step: T): Partial<T> => Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined)) as Partial<T>;

function said(step: string, fields: Record<string, readonly [Key, Words]>, values: object, before = ''): Answer[] {
  return Object.entries(fields).map(([name, [key, words]]) => {
    const value = (values as Record<string, unknown>)[name];
    const isThere = value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
    return { name: `${step}.${name}`, title: before + text(key), words: isThere ? words(value) : '–' };
  });
}
