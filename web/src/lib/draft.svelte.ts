/** A registration being filled in: what is typed, saved by itself step by step, and what somebody else changed meanwhile. */
import { api, got, ifMatch, Refused, type Schemas } from './api';
import { wrongFields } from './refusals';

export type Registration = Schemas['registry.RegistrationView'];
type Answers = Pick<Registration, 'organisation' | 'person' | 'role' | 'offer' | 'preferences' | 'period' | 'partnership' | 'consents'>;
export type Section = keyof Answers;

const SECTIONS: readonly Section[] = ['organisation', 'person', 'role', 'offer', 'preferences', 'period', 'partnership', 'consents'];
const PAUSE_MS = 900;

/** What has not been answered is sent as null, not as an empty text, which would be no answer either but a wrong one. */
function cleaned(value: unknown): unknown {
  if (value === '') return null;
  if (Array.isArray(value)) return value.map(cleaned);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, cleaned(each)]));
  return value;
}

const copied = (view: Registration): Answers => JSON.parse(JSON.stringify(Object.fromEntries(SECTIONS.map((name) => [name, view[name]])))) as Answers;
const written = (value: unknown) => JSON.stringify(cleaned(value));
const same = (one: unknown, other: unknown) => written(one) === written(other);

export class Draft {
  /** What the server knows. */
  view = $state.raw<Registration>()!;
  /** What stands in the fields. */
  answers = $state<Answers>()!;
  state = $state<'saved' | 'waiting' | 'saving' | 'refused' | 'conflict'>('saved');
  savedAt = $state<Date | null>(null);
  error = $state.raw<unknown>();
  /** What somebody else wrote meanwhile, where it differs from what stands in the fields. */
  theirs = $state.raw<Registration | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<boolean> = Promise.resolve(true);
  /** Of each section what stood in its fields when it was taken: the server may keep it in a form of its own, which is no reason to send it again. */
  #taken: Partial<Record<Section, string>> = {};

  constructor(view: Registration) {
    this.view = view;
    this.answers = copied(view);
  }

  get wrong(): Record<string, string[]> {
    return wrongFields(this.error);
  }

  /** The sections whose answers are not saved yet. */
  get open(): Section[] {
    return SECTIONS.filter((name) => !same(this.answers[name], this.view[name]) && written(this.answers[name]) !== this.#taken[name]);
  }

  get isUnsaved(): boolean {
    return this.state !== 'saved' || this.open.length > 0;
  }

  /** Something was typed: save it in a moment. */
  touched = (): void => {
    if (this.state === 'conflict') return;
    this.state = 'waiting';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE_MS);
  };

  /** Save what is open, one request after the other; whether all is saved. */
  save = (): Promise<boolean> => {
    clearTimeout(this.#timer);
    return (this.#saving = this.#saving.then(() => this.#save()));
  };

  /** Show what a command has answered; what is typed and not saved stays. */
  take(view: Registration): void {
    const open = this.open;
    const fresh = copied(view);
    for (const name of SECTIONS) if (!open.includes(name)) this.answers[name] = fresh[name] as never;
    this.view = view;
    this.#taken = Object.fromEntries(Object.entries(this.#taken).filter(([name]) => open.includes(name as Section)));
  }

  /** Settle a conflict: keep what stands in the fields, or take what is kept. */
  settle(whose: 'mine' | 'theirs'): void {
    const theirs = this.theirs!;
    if (whose === 'theirs') this.answers = copied(theirs);
    this.view = theirs;
    this.#taken = {};
    [this.theirs, this.error, this.state] = [null, undefined, 'saved'];
    if (whose === 'mine') this.touched();
  }

  async #save(): Promise<boolean> {
    const open = this.open;
    if (open.length === 0) {
      if (this.state !== 'conflict') this.state = 'saved';
      return this.state === 'saved';
    }
    this.state = 'saving';
    const body = Object.fromEntries(open.map((name) => [name, cleaned(this.#asSent(name))]));
    const sent = Object.fromEntries(open.map((name) => [name, written(this.answers[name])]));
    try {
      const view = await got(api.PATCH('/v1/registrations/{participation_id}', { params: { path: { participation_id: this.view.participation_id }, header: { 'If-Match': ifMatch(this.view.version) } }, body }));
      this.view = view;
      this.#taken = { ...this.#taken, ...sent };
      [this.error, this.savedAt] = [undefined, new Date()];
      this.state = this.open.length ? 'waiting' : 'saved';
      if (this.state === 'waiting') this.touched();
      return true;
    } catch (refused) {
      await this.#refused(refused);
      return false;
    }
  }

  #asSent(name: Section): unknown {
    if (name !== 'consents') return this.answers[name];
    return this.answers.consents.map(({ notice, version }) => ({ notice, version }));
  }

  async #refused(refused: unknown): Promise<void> {
    this.error = refused;
    this.state = 'refused';
    if (!(refused instanceof Refused) || refused.status !== 412) return;
    const theirs = await got(api.GET('/v1/registrations/{participation_id}', { params: { path: { participation_id: this.view.participation_id } } }));
    // Only another section changed: nothing to choose between.
    const both = this.open.filter((name) => !same(theirs[name], this.view[name]) && !same(theirs[name], this.answers[name]));
    if (both.length === 0) {
      this.take(theirs);
      this.error = undefined;
      this.touched();
      return;
    }
    this.theirs = theirs;
    this.state = 'conflict';
  }
}
