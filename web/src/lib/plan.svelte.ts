/** The plan of an exchange being written by two sides: saved by itself, and never over somebody else's words without asking. */
import { api, got, ifMatch, Refused, type Schemas } from './api';
import { wrongFields } from './refusals';
import type { Spoken } from './texts.svelte';

export type Commitment = Schemas['agreements.CommitmentView'];
export interface Plan {
  start: string | null;
  end: string | null;
  travel_days: string[];
  travellers: { name: string; function: string }[];
  objectives: string[];
  action_plan: { day: string | null; activity: string }[];
  expected_outcomes: string;
  responsibilities: { visitor: string; host: string };
  place: string;
  language: string;
}

const PAUSE_MS = 1200;

function copied(view: Commitment): Plan {
  const plan = JSON.parse(JSON.stringify(view.plan)) as Partial<Plan>;
  return {
    start: plan.start ?? null, end: plan.end ?? null, travel_days: plan.travel_days ?? [], travellers: plan.travellers ?? [], objectives: plan.objectives ?? [],
    action_plan: plan.action_plan ?? [], expected_outcomes: plan.expected_outcomes ?? '', place: plan.place ?? '', language: plan.language ?? 'en',
    responsibilities: { visitor: plan.responsibilities?.visitor ?? '', host: plan.responsibilities?.host ?? '' },
  };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

export class PlanDraft {
  view = $state.raw<Commitment>()!;
  plan = $state<Plan>()!;
  state = $state<'saved' | 'waiting' | 'saving' | 'refused' | 'conflict'>('saved');
  error = $state.raw<unknown>();
  theirs = $state.raw<Commitment | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<boolean> = Promise.resolve(true);

  constructor(view: Commitment) {
    this.take(view);
  }

  take(view: Commitment): void {
    this.view = view;
    this.plan = copied(view);
    [this.state, this.error, this.theirs] = ['saved', undefined, null];
  }

  get isUnsaved(): boolean {
    return !same(this.#asSent(), this.#kept());
  }

  get wrong(): Record<string, string[]> {
    return wrongFields(this.error);
  }

  touched = (): void => {
    if (this.state === 'conflict') return;
    this.state = 'waiting';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE_MS);
  };

  save = (): Promise<boolean> => {
    clearTimeout(this.#timer);
    return (this.#saving = this.#saving.then(() => this.#save()));
  };

  /** What both wrote differently, by the part of the plan. */
  get differences(): { part: string; mine: string; theirs: string }[] {
    if (!this.theirs) return [];
    const [mine, theirs] = [this.#asSent() as unknown as Record<string, unknown>, copied(this.theirs) as unknown as Record<string, unknown>];
    const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, null, 1));
    return Object.keys(mine).filter((part) => !same(mine[part], theirs[part])).map((part) => ({ part, mine: shown(mine[part]), theirs: shown(theirs[part]) }));
  }

  settle(whose: 'mine' | 'theirs'): void {
    const theirs = this.theirs!;
    if (whose === 'theirs') return this.take(theirs);
    [this.view, this.theirs, this.error] = [theirs, null, undefined];
    this.state = 'waiting';
    this.touched();
  }

  #kept(): Plan {
    return this.#tidy(copied(this.view));
  }

  #asSent(): Plan {
    return this.#tidy(JSON.parse(JSON.stringify(this.plan)) as Plan);
  }

  /** Lines that are still empty are not sent: they would be wrong, and are only the next ones to be written. */
  #tidy(plan: Plan): Plan {
    return {
      ...plan,
      start: plan.start || null,
      end: plan.end || null,
      travel_days: plan.travel_days.filter(Boolean),
      travellers: plan.travellers.filter((each) => each.name.trim() && each.function.trim()),
      objectives: plan.objectives.filter((each) => each.trim()),
      action_plan: plan.action_plan.filter((each) => each.activity.trim()).map((each) => ({ ...each, day: each.day || null })),
    };
  }

  async #save(): Promise<boolean> {
    if (this.state === 'conflict') return false;
    if (!this.isUnsaved) {
      this.state = 'saved';
      return true;
    }
    this.state = 'saving';
    const body = this.#asSent();
    try {
      this.view = await got(api.PUT('/v1/exchanges/{exchange_id}/commitment', { params: { path: { exchange_id: this.view.exchange_id }, header: { 'If-Match': ifMatch(this.view.version) } }, body: { ...body, language: body.language as Spoken } }));
      this.error = undefined;
      this.state = this.isUnsaved ? 'waiting' : 'saved';
      if (this.state === 'waiting') this.touched();
      return true;
    } catch (refused) {
      this.error = refused;
      this.state = 'refused';
      if (refused instanceof Refused && refused.status === 412) {
        this.theirs = await got(api.GET('/v1/exchanges/{exchange_id}/commitment', { params: { path: { exchange_id: this.view.exchange_id } } }));
        this.state = 'conflict';
      }
      return false;
    }
  }
}
