/** Words being changed that somebody else may change at the same time: nothing goes over the other's without being chosen. */
import { Refused } from '$lib/api';
import { Form } from '$lib/form.svelte';
import { router } from '$lib/router.svelte';

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

export interface Difference {
  name: string;
  mine: unknown;
  theirs: unknown;
}

export class Edited<V extends { version: number }, F extends object> {
  view = $state.raw<V | null>(null);
  fields = $state<F>()!;
  theirs = $state.raw<V | null>(null);
  form = new Form();
  #taken: (view: V | null) => F;

  /** `taken` gives what stands in the fields for a view, or for nothing yet. */
  constructor(view: V | null, taken: (view: V | null) => F) {
    this.#taken = taken;
    this.view = view;
    this.fields = taken(view);
    $effect(() => router.beforeLeaving(() => !this.isUnsaved));
  }

  get isUnsaved(): boolean {
    return !same(this.fields, this.#taken(this.view));
  }

  get wrong(): Record<string, string[]> {
    return this.form.wrong;
  }

  /** What belongs to no field; a conflict is shown as such. */
  get refusal(): unknown {
    return this.theirs ? undefined : this.form.refusal;
  }

  /** Send over the version that was read; where that is no longer the newest, `read` brings the other's words. */
  async save(send: (fields: F, version: number) => Promise<V>, read?: () => Promise<V>, then?: (view: V) => unknown): Promise<void> {
    const isTaken = await this.form.send(
      () => send(this.fields, this.view?.version ?? 0),
      async (view) => {
        this.take(view);
        await then?.(view);
      },
    );
    if (!isTaken && read && this.form.error instanceof Refused && this.form.error.status === 412) this.theirs = await read().catch(() => null);
  }

  take(view: V): void {
    [this.view, this.theirs] = [view, null];
    this.fields = this.#taken(view);
  }

  /** What both wrote differently. */
  get differences(): Difference[] {
    if (!this.theirs) return [];
    const [mine, theirs] = [this.fields as Record<string, unknown>, this.#taken(this.theirs) as Record<string, unknown>];
    return Object.keys(mine).filter((name) => !same(mine[name], theirs[name])).map((name) => ({ name, mine: mine[name], theirs: theirs[name] }));
  }

  settle(whose: 'mine' | 'theirs'): void {
    if (!this.theirs) return;
    if (whose === 'theirs') this.take(this.theirs);
    else [this.view, this.theirs] = [this.theirs, null];
    this.form.error = undefined;
  }
}
