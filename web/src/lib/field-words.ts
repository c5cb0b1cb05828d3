/** What is wrong with a field, in the reader's language: the API says it in English, by a handful of sentences. */
import { text, type Key } from './texts.svelte';

/** Each sentence of the API by its words, with its values in the groups that are named. */
const SENTENCES: readonly (readonly [RegExp, Key])[] = [
  [/^(Missing data for required field|Field may not be null)\.$/, 'wrong.missing'],
  [/^Shorter than minimum length 1\.$/, 'wrong.missing'],
  [/^Length must be between 1 and (?<most>\d+)\.$/, 'wrong.tooLong'],
  [/^Length must be between (?<least>\d+) and (?<most>\d+)\.$/, 'wrong.length'],
  [/^Longer than maximum length (?<most>\d+)\.$/, 'wrong.tooLong'],
  [/^Shorter than minimum length (?<least>\d+)\.$/, 'wrong.tooShort'],
  [/^Must be greater than or equal to (?<least>-?[\d.]+) and less than or equal to (?<most>-?[\d.]+)\.$/, 'wrong.range'],
  [/^Must be greater than or equal to (?<least>-?[\d.]+)\.$/, 'wrong.least'],
  [/^Must be less than or equal to (?<most>-?[\d.]+)\.$/, 'wrong.most'],
  [/^Must be one of: /, 'wrong.choice'],
  [/^Must be equal to /, 'wrong.agree'],
  [/^Not a valid (date|datetime|aware datetime)\.$/, 'wrong.date'],
  [/^Not a valid (integer|number)\.$/, 'wrong.number'],
  [/^Not a valid email address\.$/, 'wrong.email'],
  [/^Not a valid URL\.$/, 'wrong.url'],
  [/^Spaces are allowed; punctuation/, 'wrong.username'],
  [/^Control characters are not allowed\.$/, 'wrong.controls'],
  [/^The same (item|registration) stands here more than once\.$/, 'wrong.twice'],
  [/^Each language stands here once\.$/, 'wrong.twice'],
  [/^The last day comes before the first\.$/, 'wrong.backwards'],
  [/^From the first to the last day there are (?<most>\d+) days/, 'wrong.days'],
  [/^A NUTS code is /, 'wrong.nuts'],
  [/^A number has three signs/, 'wrong.registrationNumber'],
  [/^This figure is between (?<least>.+) and (?<most>.+)\.$/, 'wrong.range'],
  [/^This is not an IBAN/, 'wrong.iban'],
  [/^This is not a BIC/, 'wrong.bic'],
  [/^Give either an IBAN or another account\.$/, 'wrong.eitherAccount'],
];

/** The sentence in the reader's language; one that is not known here is shown as the API wrote it. */
export function fieldWords(sentence: string): string {
  for (const [pattern, key] of SENTENCES) {
    const found = pattern.exec(sentence);
    if (found) return text(key, found.groups);
  }
  return sentence;
}
