/** What a page shows of the API: fetched when the page opens, again when something changed, and kept while it is fetched again. */
import { untrack } from 'svelte';
import { live } from './live.svelte';

export class Fetched<T> {
  value = $state.raw<T | undefined>(undefined);
  error = $state.raw<unknown>(undefined);
  #turn = 0;
  #fetch: () => Promise<T>;

  /** `fetch` may read state: when that changes, it is fetched again. `topics` are what it is about, for news from others; without any, there are none. */
  constructor(fetch: () => Promise<T>, topics: readonly string[] | (() => readonly string[]) = []) {
    this.#fetch = fetch;
    $effect(() => {
      void this.#take(fetch());
    });
    $effect(() => {
      const about = typeof topics === 'function' ? topics() : topics;
      return untrack(() => live.on(about, () => void this.again()));
    });
  }

  /** Fetch it again; what is shown stays until the new is there. */
  again = (): Promise<void> => this.#take(this.#fetch());

  /** Show what a command has answered, without fetching. */
  set(value: T): void {
    this.#turn += 1;
    this.value = value;
    this.error = undefined;
  }

  async #take(fetching: Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    try {
      const value = await fetching;
      // Whatever was asked for later is the truth.
      if (turn === this.#turn) [this.value, this.error] = [value, undefined];
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }
}
