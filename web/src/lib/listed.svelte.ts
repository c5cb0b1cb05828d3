/** A list that comes in pages. */
import { untrack } from 'svelte';
import type { Page } from './api';
import { live } from './live.svelte';

export class Listed<T> {
  items = $state.raw<T[]>([]);
  next = $state<string | null>(null);
  error = $state.raw<unknown>(undefined);
  isLoaded = $state(false);
  busy = $state(false);
  #turn = 0;
  #page: (after: string | undefined) => Promise<Page<T>>;

  /** `page` may read state (filters): when that changes, the list begins anew. */
  constructor(page: (after: string | undefined) => Promise<Page<T>>, topics: readonly string[] | (() => readonly string[]) = []) {
    this.#page = page;
    $effect(() => {
      void this.#begin(page(undefined));
    });
    $effect(() => {
      const about = typeof topics === 'function' ? topics() : topics;
      return untrack(() => live.on(about, () => void this.again()));
    });
  }

  /** Fetch it again: as many pages as are shown, which stay until the new ones are there. */
  again = (): Promise<void> => this.#begin(this.#asManyAs(this.items.length));

  /** One more page. */
  more = async (): Promise<void> => {
    if (!this.next || this.busy) return;
    this.busy = true;
    const turn = this.#turn;
    try {
      const page = await this.#page(this.next);
      if (turn === this.#turn) [this.items, this.next] = [[...this.items, ...page.items], page.next];
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  };

  async #asManyAs(count: number): Promise<Page<T>> {
    let page = await this.#page(undefined);
    while (page.next && page.items.length < count) {
      const more = await this.#page(page.next);
      page = { ...more, items: [...page.items, ...more.items] };
    }
    return page;
  }

  async #begin(asked: Promise<Page<T>>): Promise<void> {
    const turn = ++this.#turn;
    try {
      const page = await asked;
      if (turn === this.#turn) [this.items, this.next, this.isLoaded, this.error] = [page.items, page.next, true, undefined];
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }
}
