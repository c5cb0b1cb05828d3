/** All words of the pages: one catalogue for each language, dates and amounts in that language's manner. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Schemas } from './api';
import type english from '../texts/en.json';
import { now } from './clock.svelte';
import { kept } from './kept';

type Leaves<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`>;
}[keyof T & string];

/** The key of a text: a misspelt one does not compile. */
export type Key = Leaves<typeof english>;
type Catalogue = { [name: string]: string | Catalogue };
type Values = Record<string, string | number | Date | null | undefined>;

const files = import.meta.glob<{ default: Catalogue }>('../texts/*.json');
const loaders = Object.fromEntries(Object.entries(files).map(([path, load]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), load]));

/** Each language that pages have a file of texts for, by the name it gives itself. `qps` is the pseudo-language of the tests. */
export const LANGUAGES: Readonly<Record<string, string>> = Object.fromEntries(Object.keys(loaders).map((code) => [code, itself(code)]));

/** The languages of mails, notices and agreements, as the API knows them: each has a file of the pages' texts, too, and no other has. */
export type Spoken = NonNullable<Schemas['identity.ChangeMe']['language']>;
const WRITTEN = Object.keys(loaders) as Spoken[];
export const writtenLanguages: readonly (readonly [Spoken, string])[] = WRITTEN.map((code) => [code, itself(code)] as const);

function itself(code: string): string {
  const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}

const EU_STYLE: Record<string, string> = { EL: 'GR', UK: 'GB' };

class Texts {
  language = $state('en');
  #catalogue = $state.raw<Catalogue>({});
  #formats = new Map<string, IntlMessageFormat>();

  /** Load the language that was chosen before on this device, or the browser's own. */
  async start(): Promise<void> {
    const chosen = new URLSearchParams(location.search).get('language') ?? kept.read('language');
    const asked = chosen ?? navigator.language.slice(0, 2);
    const known = asked in loaders || asked === 'qps' ? asked : 'en';
    await (chosen ? this.choose(known) : this.#show(known));
  }

  /** Show everything in another language, from now on. */
  async choose(language: string): Promise<void> {
    await this.#show(language);
    kept.write('language', language);
  }

  /** Speak the language of a person's account, unless another one was chosen on this device. */
  async suggest(language: string): Promise<void> {
    if (language in loaders && language !== this.language && !kept.read('language')) await this.#show(language);
  }

  /** The language of the page as the API knows it. */
  get spoken(): Spoken {
    return WRITTEN.find((each) => each === this.language) ?? 'en';
  }

  async #show(language: string): Promise<void> {
    const loaded = (await loaders[language === 'qps' ? 'en' : language]!()).default;
    this.#formats.clear();
    this.#catalogue = loaded;
    this.language = language;
    document.documentElement.lang = language === 'qps' ? 'en' : language;
  }

  /** All words that stand below a key, without values: what a search looks through. */
  below(key: string): string[] {
    const found = this.#found(key);
    if (typeof found === 'string') return [this.language === 'qps' ? pseudo(found) : found];
    return Object.keys(found ?? {}).flatMap((name) => this.below(`${key}.${name}`));
  }

  /** The text of a key with its values; an unknown key shows itself, so that its absence is seen. */
  text = (key: Key, values?: Values): string => this.#written(key, values) ?? key;

  /** The text of a key that is put together at run time (codes of the programme, refusals), or the other text if there is none. */
  coded = (key: string, otherwise: string, values?: Values): string => this.#written(key, values) ?? otherwise;

  #written(key: string, values?: Values): string | undefined {
    const known = this.#formats.get(key);
    if (known) return this.#say(known, values);
    const found = this.#found(key);
    if (typeof found !== 'string') return undefined;
    const format = new IntlMessageFormat(this.language === 'qps' ? pseudo(found) : found, this.locale);
    this.#formats.set(key, format);
    return this.#say(format, values);
  }

  #found(key: string): string | Catalogue | undefined {
    return key.split('.').reduce<string | Catalogue | undefined>((at, name) => (typeof at === 'object' ? at[name] : undefined), this.#catalogue);
  }

  #say(format: IntlMessageFormat, values?: Values): string {
    return String(format.format(values));
  }

  get locale(): string {
    return this.language === 'qps' ? 'en' : this.language === 'en' ? 'en-IE' : this.language;
  }

  /** A day or a moment as people write it. Days (`2027-03-01`) stay that day everywhere. */
  day = (value: string | null | undefined): string => {
    if (!value) return '–';
    const zone = value.length === 10 ? { timeZone: 'UTC' } : {};
    return this.#marked(new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', ...zone }).format(new Date(value)));
  };

  /** A moment with its time of day. */
  moment = (value: string | null | undefined): string =>
    value ? this.#marked(new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(value))) : '–';

  /** A date in some other form, such as the name of its month. */
  dated = (value: Date, options: Intl.DateTimeFormatOptions): string => this.#marked(new Intl.DateTimeFormat(this.locale, options).format(value));

  /** How long from now, in the largest unit that fits: in 3 days, 2 hours ago. */
  fromNow = (value: string, at = now()): string => {
    const seconds = (new Date(value).getTime() - at) / 1000;
    const units = [['day', 86400], ['hour', 3600], ['minute', 60]] as const;
    const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? units[2];
    return this.#marked(new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' }).format(Math.round(seconds / size), unit));
  };

  /** Money: whole cents and their currency. */
  amount = (value: { minor: number; currency?: string } | null | undefined): string =>
    value ? this.#marked(new Intl.NumberFormat(this.locale, { style: 'currency', currency: value.currency ?? 'EUR' }).format(value.minor / 100)) : '–';

  number = (value: number, options?: Intl.NumberFormatOptions): string => new Intl.NumberFormat(this.locale, options).format(value);

  /** A country by its two letters as the European Union writes them. */
  country = (code: string | null | undefined): string => {
    if (!code) return '–';
    if (code === 'XK') return this.coded('codes.country.XK', 'Kosovo*');
    return this.#marked(new Intl.DisplayNames([this.locale], { type: 'region' }).of(EU_STYLE[code] ?? code) ?? code);
  };

  /** A language by its two letters; browsers do not know them all. */
  languageName = (code: string, otherwise = code): string => {
    const name = new Intl.DisplayNames([this.locale], { type: 'language', fallback: 'none' }).of(code);
    return name ? this.#marked(name) : otherwise;
  };

  /** A code of the programme in words: `code('ecosystem', 'agri_food')`. */
  code = (kind: string, code: string | null | undefined): string =>
    code ? this.coded(`codes.${kind}.${code}`, code.replaceAll('_', ' ')) : '–';

  /** What somebody wrote in several languages, in that of the page, or in English where it is missing. */
  said = <T>(written: Readonly<Record<string, T>>): T => written[this.saidIn(written)]!;

  /** In which language that is, for whoever has it read aloud. */
  saidIn = (written: Readonly<Record<string, unknown>>): string => (this.spoken in written ? this.spoken : 'en');

  /** Several of them, in a list as people write it. */
  list = (items: readonly string[]): string =>
    new Intl.ListFormat(this.locale, { style: 'long', type: 'conjunction' })
      .formatToParts(items)
      .map((part) => (part.type === 'literal' ? this.#marked(part.value) : part.value))
      .join('');

  /** In the pseudo-language, words that the browser itself has are marked as those of a catalogue are. */
  #marked(words: string): string {
    return this.language === 'qps' ? `⟦${words}⟧` : words;
  }
}

/** The text with every letter changed outside of its values: what stays plain on a page is in no catalogue. */
function pseudo(text: string): string {
  let depth = 0;
  const changed = [...text].map((letter) => {
    if (letter === '{') depth += 1;
    if (letter === '}') depth -= 1;
    return depth === 0 ? (PSEUDO[letter] ?? letter) : letter;
  });
  return `⟦${changed.join('')}⟧`;
}

const PSEUDO: Record<string, string> = Object.fromEntries([...'aeiouAEIOUncyNCYsS'].map((letter, at) => [letter, [...'áéíóúÁÉÍÓÚñçýÑÇÝšŠ'][at]!]));

export const texts = new Texts();
export const { text, coded, day, moment, dated, fromNow, amount, number, country, languageName, code, said, saidIn, list } = texts;
