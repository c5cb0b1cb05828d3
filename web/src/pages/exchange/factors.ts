/** What a lump sum was computed from, in the reader's language: payments names factors, methods and sources in English. */
import { amount, code, coded, country, number, text } from '$lib/texts.svelte';

/** Methods stand there as the sentence that says what they mean; each by how that begins. */
const METHODS: readonly (readonly [string, string])[] = [
  ['great circle ', 'great_circle_of_towns'],
  ['shortest line ', 'ellipsoid_of_towns'],
  ['Monday to Friday, less ', 'calendar_without_public_holidays'],
  ['Monday to Friday, travel ', 'weekdays'],
];

const slug = (words: string): string => words.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');

export function factorName(name: string): string {
  const place = /^base for ([A-Z]{2})$/.exec(name)?.[1];
  return place ? text('money.baseFor', { country: country(place) }) : coded(`codes.factor.${slug(name)}`, name);
}

export function factorValue(value: string): string {
  const euros = /^(\d+)\.(\d\d) EUR$/.exec(value);
  if (euros) return amount({ minor: Number(euros[1]! + euros[2]!) });
  const measured = /^(\d+(?:\.\d+)?) (km|%)$/.exec(value);
  if (measured) return text(measured[2] === 'km' ? 'money.kilometres' : 'money.percent', { value: number(Number(measured[1])) });
  const method = METHODS.find(([beginning]) => value.startsWith(beginning));
  return method ? code('method', method[1]) : value;
}

/** Where it comes from; what offices wrote as a source stays in their words. */
export function factorSource(source: string): string {
  const version = /^commitment to quality, version (\d+)$/.exec(source)?.[1];
  return version ? text('money.fromCommitment', { number: version }) : coded(`codes.source.${slug(source)}`, source);
}
